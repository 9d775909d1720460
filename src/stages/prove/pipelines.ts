/**
 * What `opt` makes of both programs before they are laid side by side. A pipeline only has to be right, which is LLVM's to be: one that leads
 * both to the same is a proof, and one that does not says nothing. None looks beyond a function, except to inline what is not compared by
 * itself: what it learned of a callee would not be the same in both.
 */

/** Makes single functions of the module's own, without the helpers of core's and of the kernel's headers that they call. */
const INLINED = "always-inline";

const COMBINED = "instcombine<no-verify-fixpoint>";

/** Out of memory into values. */
const VALUES = `sroa<modify-cfg>,early-cse<memssa>,simplifycfg,${COMBINED},lower-constant-intrinsics,simplifycfg`;
/** Small loops unrolled: the accessors of bit-fields are written as loops. */
const UNROLLED = "loop-simplify,lcssa,loop(loop-rotate,loop-unroll-full),sroa<modify-cfg>,simplifycfg";
const ROTATED = "loop-simplify,lcssa,loop-mssa(loop-rotate,licm)";
/** Equal values once, without loads moved to where they might not be needed. */
const NUMBERED = "gvn<no-pre;no-load-pre;no-split-backedge-load-pre>";
/** What a value decides later is decided where it gets it: C leaves a block of its clean-ups by a table of numbers. */
const THREADED = `dfa-jump-threading,${COMBINED},jump-threading,simplifycfg,${COMBINED}`;
const SHARED = "simplifycfg<hoist-common-insts;sink-common-insts;bonus-inst-threshold=4>";

/** Tried in this order, each for what those before it left. */
export const PIPELINES: readonly string[] = [
  `${INLINED},function(${VALUES},${UNROLLED},reassociate,${COMBINED},gvn,memcpyopt,dse,adce,jump-threading,simplifycfg,${COMBINED},${ROTATED},${NUMBERED},dse,adce,${SHARED},${COMBINED},simplifycfg)`,
  // The flow of control as it is written.
  `${INLINED},function(${VALUES},reassociate,${COMBINED},${NUMBERED},memcpyopt,dse,adce,simplifycfg,${COMBINED},${NUMBERED},simplifycfg)`,
  `${INLINED},function(${VALUES},${UNROLLED},${COMBINED},${NUMBERED},memcpyopt,dse,adce,${SHARED},${COMBINED},${NUMBERED},${SHARED},adce)`,
  `${INLINED},function(${VALUES},${THREADED},reassociate,${COMBINED},${NUMBERED},memcpyopt,dse,adce,simplifycfg,${COMBINED},${NUMBERED},simplifycfg)`,
];
