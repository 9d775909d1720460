/**
 * What `opt` makes of both programs before they are laid side by side. A pipeline only has to be right, which is LLVM's to be: one that leads
 * both to the same is a proof, and one that does not says nothing. None looks beyond a function, except to inline what is not compared by
 * itself: what it learned of a callee would not be the same in both.
 */

/** Makes single functions of the module's own, without the helpers of core's and of the kernel's headers that they call. */
const INLINED = "always-inline";

/** Out of memory into values, and small loops unrolled: the accessors of bit-fields are written as loops. */
const VALUES = "sroa<modify-cfg>,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,lower-constant-intrinsics,simplifycfg";
const LOOPS = "loop-simplify,lcssa,loop-mssa(loop-rotate,licm)";
const UNROLLED = `${LOOPS},loop(loop-unroll-full),sroa<modify-cfg>,simplifycfg`;
const CLEANED = "instcombine<no-verify-fixpoint>,gvn,memcpyopt,dse,adce,simplifycfg";
const ENDED = `gvn,dse,adce,simplifycfg,instcombine<no-verify-fixpoint>,simplifycfg`;

/** Tried in this order, each for what those before it left. */
export const PIPELINES: readonly string[] = [
  `${INLINED},function(${VALUES},${UNROLLED},reassociate,${CLEANED},jump-threading,instcombine<no-verify-fixpoint>,${LOOPS},${ENDED})`,
  `${INLINED},function(${VALUES},${UNROLLED},${CLEANED},${ENDED})`,
  `${INLINED},function(sroa<modify-cfg>,early-cse<memssa>,lower-constant-intrinsics,${UNROLLED},instsimplify,gvn,memcpyopt,dse,adce,simplifycfg,instcombine<no-verify-fixpoint>,jump-threading,gvn,dse,adce,simplifycfg)`,
];
