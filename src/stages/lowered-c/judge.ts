/** Names the stage that made a difference between the C and the Rust module, by what the lowered C shows in its place. */
import type { Finding } from "../../report/schema.ts";
import { normalise } from "../boot/normalise.ts";

/**
 * Give every error its stage, and tell of what only the lowered C does otherwise than the C.
 * @param rust findings of the C against the Rust module
 * @param lowered findings of the C against the lowered C, by the same checks
 * @param between findings of the lowered C against the Rust module, as far as there is one
 */
export function nameStages(
  rust: readonly Finding[],
  lowered: readonly Finding[],
  between: readonly Finding[],
): Finding[] {
  const wrong = lowered.filter((f) => f.severity === "error");
  const same = new Set(wrong.map(identity));
  const shown = new Set(rust.map(identity));
  // What the lowered C shows and the Rust does not show in the same words.
  const inLowered = checksOf(wrong.filter((f) => !shown.has(identity(f))));
  const inBetween = checksOf(between);
  const stage = (f: Finding): Finding["stage"] => {
    if (f.check === "build") return wrong.length === 0 ? "transpile" : "both";
    if (same.has(identity(f))) return "lower";
    if (!inLowered.has(f.check)) return "transpile";
    return inBetween.has(f.check) ? "both" : "lower";
  };
  const inRust = checksOf(rust);
  return [
    ...rust.map((f) => (f.severity === "error" ? { ...f, stage: stage(f) } : f)),
    ...wrong.filter((f) => !inRust.has(f.check)).map(onlyLowered),
  ];
}

function checksOf(findings: readonly Finding[]): Set<string> {
  return new Set(findings.filter((f) => f.severity === "error").map((f) => f.check));
}

/** What a finding says, without what differs between two boots of one module. */
function identity({ check, message, c, rust }: Finding): string {
  return [check, message, c ?? "", rust ?? ""]
    .flatMap((text) => text.split("\n").map((line) => normalise(line).text))
    .join("\n");
}

/** The Rust is none the worse for it: what lowering got wrong was mended behind it, or C cannot be given back what the Rust was. */
function onlyLowered(f: Finding): Finding {
  const rest = [f.message, ...(f.rust === undefined ? [] : [f.rust])].join("\n");
  return {
    check: "lowered",
    severity: "warning",
    stage: "lower",
    message: `the lowered C differs from the C, by the check \`${f.check}\` (which calls it the Rust module)\n${rest}`,
  };
}
