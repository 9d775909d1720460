/** The only place that prints progress. Results go to stdout through the doors; everything here goes to stderr. */
import pc from "picocolors";

const ESC = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b[@-Z\\-_]/g;
// Everything but tab and newline that a terminal or a log viewer might obey.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from a stranger (a makefile's output, dmesg) made fit to print: no escape sequences, no control characters, no direction overrides. */
export function printable(text: string): string {
  return text.replace(ESC, "").replace(CONTROL, "\ufffd");
}

/** In a workflow a line that starts with `::` or holds `##[` is a command to the runner; a zero-width space breaks it. */
function inert(text: string): string {
  return process.env["GITHUB_ACTIONS"] === "true"
    ? text.replaceAll("::", ":\u200b:").replaceAll("##[", "##\u200b[")
    : text;
}

function write(text: string): void {
  process.stderr.write(`${inert(printable(text))}\n`);
}

/** Progress for people. Every text is made printable and inert first, so that a module's output cannot issue workflow commands. */
export const log = {
  info: (text: string): void => write(text),
  warn: (text: string): void => write(`warning: ${text}`),
  error: (text: string): void => write(`kport: ${text}`),
  debug: (text: string): void => {
    if (process.env["KPORT_DEBUG"] || process.env["RUNNER_DEBUG"] === "1") write(text);
  },
  /** One line a finished step: a mark, the step's name, what it says, how long it took. */
  step: (status: "ok" | "failed" | "skipped", name: string, text: string, seconds?: number): void => {
    const mark = status === "ok" ? "✓" : status === "failed" ? "✗" : "–";
    const time = seconds === undefined ? "" : ` (${seconds.toFixed(1)} s)`;
    const line = inert(printable(`${mark} ${name.padEnd(10)} ${text}${time}`));
    const color = status === "ok" ? pc.green : status === "failed" ? pc.red : pc.dim;
    process.stderr.write(`${color(line.slice(0, 1))}${line.slice(1)}\n`);
  },
};
