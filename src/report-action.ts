/** The door of report/action.yml. */
import { portInAction } from "./action-port.ts";
import { reportInAction } from "./action-report.ts";
import { readInputs, reportInputs } from "./inputs.ts";
import { runDoor } from "./run-door.ts";

await runDoor(() => {
  const inputs = readInputs(reportInputs);
  return inputs.mode === "port" ? portInAction(inputs) : reportInAction(inputs);
});
