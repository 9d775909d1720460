/** Why a check matters, for readers who see its name for the first time. Keyed by `finding.check`. */
const EXPLANATIONS: ReadonlyMap<string, string> = new Map([
  ["missing-unit", "c2rust only warns when it cannot translate a file, and exits with 0. A unit without its Rust file would be missing from the module without a word."],
  ["modinfo", "The kernel reads the licence, the version magic and the parameters from .modinfo before it runs any of the module. A lost licence taints the kernel and hides all GPL symbols."],
  ["imports", "A symbol that only one of the two modules takes from the kernel shows where they do different things, or where a helper stands in for an inline function."],
  ["exports", "Other modules link against exported symbols by name; one that is gone breaks them."],
  ["init-ran", "A module whose init function was lost in translation still loads and unloads cleanly, doing nothing. So there must be proof that init was entered."],
  ["boot-differs", "Both modules ran the same exercise in the same kernel; what the kernel's log or the exercise says differently is a difference in behaviour."],
]);

export function explanationOf(check: string): string | undefined {
  return EXPLANATIONS.get(check);
}
