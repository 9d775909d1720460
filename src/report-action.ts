/** The door of report/action.yml. */
import { reportInAction } from "./action-report.ts";
import { readInputs, reportInputs } from "./inputs.ts";
import { runDoor } from "./run-door.ts";

await runDoor(() => reportInAction(readInputs(reportInputs)));
