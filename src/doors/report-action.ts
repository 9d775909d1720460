/** The door of report/action.yml. */
import { portInAction } from "../actions/port.ts";
import { regressInAction } from "../actions/regress.ts";
import { reportInAction } from "../actions/report.ts";
import { readInputs, reportInputs } from "./inputs.ts";
import { runDoor } from "./run-door.ts";

await runDoor(() => {
  const inputs = readInputs(reportInputs);
  return { port: portInAction, regress: regressInAction, report: reportInAction }[inputs.mode](inputs);
});
