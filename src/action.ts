/** The door of action.yml. */
import { checkInAction } from "./action-check.ts";
import { checkInputs, readInputs } from "./inputs.ts";
import { check } from "./pipeline.ts";
import { runDoor } from "./run-door.ts";
import { setUp } from "./toolchain/install.ts";

await runDoor((signal) => checkInAction(readInputs(checkInputs), { check, setUp }, signal));
