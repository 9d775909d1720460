/** How children end: by themselves, when they are to, and with us. */
import { readFileSync } from "node:fs";

/** The process groups that are running: they end when this process does, which a shell's Ctrl-C does not bring about for groups of their own. */
export const children = new Set<number>();

export function endWithUs(pid: number): void {
  if (!listening) process.once("exit", () => children.forEach(killGroup));
  listening = true;
  children.add(pid);
}
let listening = false;

export function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/**
 * Kill what runs in a sandbox, so that bubblewrap ends only when nothing of it is left: its one child is the init of the sandbox's
 * processes, and the kernel reaps all of them before their init (zap_pid_ns_processes). Killed itself, it would end before they do,
 * and they could still write to a folder that is being removed.
 * @param pid bubblewrap's own
 */
export function killSandbox(pid: number): void {
  try {
    const [init] = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").split(" ");
    process.kill(Number(init || pid), "SIGKILL");
    setTimeout(() => killGroup(pid), SANDBOX_ENDS_MS).unref();
  } catch {
    killGroup(pid);
  }
}
/** Thousands of processes take the kernel a while. */
const SANDBOX_ENDS_MS = 10_000;
