/** Two kernel logs side by side: what both say on one row, what only one says on a row of its own. */
import { createHash } from "node:crypto";
import { diffArrays } from "diff";

export interface LogRow {
  readonly kind: "same" | "only-c" | "only-rust" | "differs";
  readonly c?: string | undefined;
  readonly rust?: string | undefined;
}

/** More differences than this are not searched for: the logs then have little in common. */
const MAX_EDITS = 2000;

/** What changes from boot to boot without meaning: addresses, and numbers of processes and processors after `PID:`, `CPU:`. */
function comparable(line: string): string {
  return line
    .replace(/^\[\s*\d+\.\d+\]\s*/, "")
    .replace(/\b(?:0x)?[0-9a-f]{8,16}\b/gi, "ADDRESS")
    .replace(/\b(PID|CPU): \d+/g, "$1: N");
}

/** Aligns the two logs. Differing runs are paired line by line, as far as both sides go. */
export function alignLogs(c: readonly string[], rust: readonly string[]): LogRow[] {
  // Lines are compared again and again: as numbers, however long they are. V8 takes a string's length for its hash beyond 16,383 characters.
  const numbers = new Map<string, number>();
  const keyed = (line: string) => {
    const whole = comparable(line);
    const text = whole.length < 1000 ? whole : createHash("sha256").update(whole).digest("hex");
    const key = numbers.get(text) ?? numbers.size;
    numbers.set(text, key);
    return { line, key };
  };
  const left = c.map(keyed);
  const right = rust.map(keyed);
  const changes = diffArrays(left, right, { comparator: (a, b) => a.key === b.key, maxEditLength: MAX_EDITS }) ?? [
    { removed: true, added: false, value: left },
    { removed: false, added: true, value: right },
  ];
  const rows: LogRow[] = [];
  let onlyC: string[] = [];
  let onlyRust: string[] = [];
  let at = 0;
  const flush = () => {
    for (let index = 0; index < Math.max(onlyC.length, onlyRust.length); index += 1) {
      const [one, other] = [onlyC[index], onlyRust[index]];
      rows.push({
        kind: one === undefined ? "only-rust" : other === undefined ? "only-c" : "differs",
        c: one,
        rust: other,
      });
    }
    onlyC = [];
    onlyRust = [];
  };
  for (const change of changes) {
    const lines = change.value.map((entry) => entry.line);
    if (change.removed) {
      for (const line of lines) onlyC.push(line);
      at += lines.length;
    } else if (change.added) {
      for (const line of lines) onlyRust.push(line);
    } else {
      flush();
      // The unchanged part comes from one side; the other side's own text is at the same place in its log.
      for (const line of lines) rows.push({ kind: "same", c: c[at++], rust: line });
    }
  }
  flush();
  return rows;
}
