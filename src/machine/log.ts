/** The only place that prints progress. Results go to stdout through the doors; everything here goes to stderr. */
import pc from "picocolors";
import { UNSEEN } from "./unseen.ts";

const ESC = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b[@-Z\\-_]/g;

/** Text from a stranger (a makefile's output, dmesg) made fit to print: no escape sequences, and nothing that nobody sees but what we put in. */
export function printable(text: string): string {
  return text.replace(ESC, "").replace(UNSEEN, (c) => (c === ZERO_WIDTH_SPACE ? c : "\ufffd"));
}
/** What keeps a word from being a command, or a link: see `withoutCommands` and escape.ts. */
const ZERO_WIDTH_SPACE = "\u200b";

/** `::` and `##[` with a zero-width space in them, which the runner takes for no command; `:::` holds two of the first. */
export function withoutCommands(text: string): string {
  return text.replace(/:(?=:)/g, `:${ZERO_WIDTH_SPACE}`).replaceAll("##[", `##${ZERO_WIDTH_SPACE}[`);
}

/** In a workflow a line that starts with `::` or holds `##[` is a command to the runner. */
function inert(text: string): string {
  return process.env["GITHUB_ACTIONS"] === "true" ? withoutCommands(text) : text;
}

type StepStatus = "ok" | "failed" | "skipped";

/** One line a finished step: a mark, the step's name, what it says, how long it took in seconds. The name of a symbol may hold the end of a line. */
export function stepLine(status: StepStatus, name: string, text: string, seconds?: number): string {
  const mark = status === "ok" ? "✓" : status === "failed" ? "✗" : "–";
  const time = seconds === undefined ? "" : ` (${seconds.toFixed(1)} s)`;
  // Not by a pattern for the blanks beside a line's end: it would be tried again from each of a million blanks.
  const one = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");
  return printable(`${mark} ${name.padEnd(10)} ${one}${time}`);
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
  step: (status: StepStatus, name: string, text: string, seconds?: number): void => {
    const line = inert(stepLine(status, name, text, seconds));
    const color = status === "ok" ? pc.green : status === "failed" ? pc.red : pc.dim;
    process.stderr.write(`${color(line.slice(0, 1))}${line.slice(1)}\n`);
  },
};
