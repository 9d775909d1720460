/** The door of action.yml. */
import { checkInAction } from "../actions/check.ts";
import { matrixInAction } from "../actions/matrix.ts";
import { checkInputs, readInputs } from "./inputs.ts";
import { check } from "../check/pipeline.ts";
import { runDoor } from "./run-door.ts";
import { keepUnits } from "../stages/capture/kept-objects.ts";
import { setUp } from "../toolchain/install.ts";
import { setUpSandbox } from "../toolchain/sandbox-set-up.ts";

const machinery = { check, setUp, setUpSandbox };

keepUnits(false);
await runDoor((signal) => {
  const inputs = readInputs(checkInputs);
  return inputs.mode === "plan" || inputs.mode === "cells" || inputs.mode === "regress"
    ? matrixInAction(inputs, machinery, signal)
    : checkInAction(inputs, machinery, signal);
});
