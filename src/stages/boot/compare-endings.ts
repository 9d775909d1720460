/** How two runs ended, and whether init ran in both. */
import type { BootRun, Finding } from "../../report/schema.ts";
import type { Chance } from "./chance.ts";
import { normalise } from "./normalise.ts";
import { isSameReport } from "./same-report.ts";

const described = (r: BootRun): string => (r.message === undefined ? r.status : `${r.status}: ${r.message}`);

export function endings(c: BootRun, rust: BootRun, chance: Chance | undefined): Finding[] {
  const sides = { c: described(c), rust: described(rust) };
  if (endsAlike(c, rust) && c.status === "ok") return [];
  if (!endsAlike(c, rust)) {
    if (chance?.ending((again) => endsAlike(again, rust)) === true)
      return [
        {
          check: "boot-status",
          severity: "warning",
          message: `the Rust module's run ended as another run of the C module did: ${described(rust)}`,
          ...sides,
        },
      ];
    // Where a hang is found is the time's doing, if the C module is found elsewhere too.
    if (
      hangsIn(c) !== undefined &&
      hangsIn(c) === hangsIn(rust) &&
      chance?.ending((again) => hangsIn(again) === hangsIn(c) && !endsAlike(again, c)) === true
    )
      return [
        {
          check: "boot-status",
          severity: "warning",
          message:
            "both modules hang in the same phase in this guest, at places that change from run to run of the C module",
          ...sides,
        },
      ];
    if (c.status !== rust.status)
      return [
        {
          check: "boot-status",
          severity: "error",
          message: `the C module's run ended in ${c.status}, the Rust module's in ${described(rust)}`,
          ...sides,
        },
      ];
    return [
      {
        check: "boot-status",
        severity: "error",
        message: `both runs ended in ${c.status}, but not in the same way`,
        ...sides,
      },
    ];
  }
  return [
    {
      check: "boot-status",
      severity: "warning",
      message: `both modules end in the same way in this guest, so only the part up to there was compared: ${described(c)}`,
      c: described(c),
      rust: described(rust),
    },
  ];
}

/** The same status in the same words; of a crash the same report, whatever function of the module's inlining has put it in. */
function endsAlike(c: BootRun, rust: BootRun): boolean {
  if (c.status !== rust.status) return false;
  const words = (r: BootRun): string => normalise(r.message ?? "").text;
  if (c.status === "ok" || words(c) === words(rust)) return true;
  const [inC, inRust] = [c.splats?.at(-1), rust.splats?.at(-1)];
  const place = / at \S+ \[[\w-]+\]/g;
  return (
    (c.status === "oops" || c.status === "panic") &&
    inC !== undefined &&
    inRust !== undefined &&
    isSameReport(inC, inRust) &&
    words(c).replace(place, "") === words(rust).replace(place, "")
  );
}

/** The phase of a hang. */
function hangsIn(run: BootRun): string | undefined {
  return run.status === "hang" ? /^([^:]*):/.exec(run.message ?? "")?.[1] : undefined;
}

export function initRan(c: BootRun, rust: BootRun): Finding[] {
  if (c.initRan === true && rust.initRan === false && rust.loaded)
    return [
      {
        check: "init-ran",
        severity: "error",
        message:
          "the kernel never entered the Rust module's init function (the C module's it did): init_module is missing from the object",
        c: "init ran",
        rust: "no init",
      },
    ];
  if (c.initRan === false && rust.initRan === true)
    return [
      {
        check: "init-ran",
        severity: "error",
        message: "the Rust module has an init function that the C module does not have",
        c: "no init",
        rust: "init ran",
      },
    ];
  return [];
}
