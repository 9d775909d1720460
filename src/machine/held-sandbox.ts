/** A sandbox that is held to its bounds while it runs: by the kernel, where a cgroup can be had, and by a watch. */
import { BOUNDS, type Bounds } from "./bounds.ts";
import type { Sandbox } from "./sandbox.ts";
import { type SandboxCgroup, sandboxCgroup } from "./sandbox-cgroup.ts";
import { watchSandbox } from "./sandbox-watch.ts";

export class HeldSandbox {
  private readonly sandbox: Sandbox;
  private readonly bounds: Bounds;
  private readonly cgroup: SandboxCgroup | undefined;
  private unwatch: (() => void) | undefined;
  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.bounds = { ...BOUNDS, ...sandbox.bounds };
    this.cgroup = sandboxCgroup(this.bounds);
  }

  /** The words of a program that becomes the one that `words` name, held from its first moment on. */
  entering(words: readonly string[]): readonly string[] {
    return this.cgroup?.entering(words) ?? words;
  }

  /**
   * @param pid bubblewrap's
   * @param exceeded told once, with the bound's name
   */
  watch(pid: number, exceeded: (bound: string) => void): void {
    this.unwatch = watchSandbox(pid, this.sandbox.writable, this.bounds, exceeded, this.cgroup);
  }

  /** To be called when it has ended, or was never begun. @returns the bound that was hit, as far as the kernel counts */
  end(): string | undefined {
    this.unwatch?.();
    const hit = this.cgroup?.hit();
    this.cgroup?.remove();
    return hit;
  }
}
