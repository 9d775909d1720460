/** What a result means beside those before it. */
import { type CellHistory, compareResults } from "../history/schema.ts";
import type { Result, State } from "../report/matrix/schema.ts";

/** The latest result before `now` that says something of the module. Results of later runs (this one ended late) do not count. */
export function before(now: Result, past: CellHistory | undefined): Result | undefined {
  return past?.results.findLast(
    (r) => r.outcome !== "unknown" && compareResults(r, now) < 0 && r.run.id !== now.run.id,
  );
}

/**
 * @param again runs the cell once more; asked only for a failure that would be new
 * @returns the result that is to be believed, and what it is. A failure of the machine is never one of the module, however it comes about.
 */
export async function judge(
  now: Result,
  past: CellHistory | undefined,
  again: () => Promise<Result>,
): Promise<{ result: Result; state: State }> {
  const last = before(now, past);
  if (now.outcome === "unknown") return { result: now, state: "unknown" };
  if (now.outcome !== "fail")
    return { result: now, state: now.outcome === "flaky" ? "flaky" : last?.outcome === "fail" ? "fixed" : "pass" };
  if (last?.outcome === "fail" && last.fingerprint === now.fingerprint)
    return { result: withCulprit(now, last), state: "still-failing" };
  const second = await again();
  if (second.outcome === "unknown") return { result: { ...second, run: now.run }, state: "unknown" };
  if (second.outcome !== "fail") return { result: { ...now, outcome: "flaky" }, state: "flaky" };
  // A failure that looks different each time still is one: the first stays its name.
  if (last?.outcome === "fail" && second.fingerprint === last.fingerprint)
    return { result: withCulprit({ ...second, run: now.run }, last), state: "still-failing" };
  return { result: now, state: "new-failure" };
}

/** What was found out holds as long as the failure is the same; how it was found is the earlier run's. */
function withCulprit(now: Result, last: Result): Result {
  return last.culprit === undefined ? now : { ...now, culprit: { ...last.culprit, probes: [] } };
}
