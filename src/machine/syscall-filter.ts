/**
 * The seccomp filter of the sandbox, as the kernel takes it (struct sock_filter, linux/filter.h): what namespaces do not shut off.
 * Keys lie in keyrings that a child inherits; the kernel's log and its virtual sockets (AF_VSOCK, which reach the machine that this one
 * is a guest of) are the same in every namespace; the rest is kernel code that builds have no use for and that exploits like.
 */

/** Numbers of arch/x86/entry/syscalls/syscall_64.tbl. */
const REFUSED: Record<string, number> = {
  syslog: 103,
  add_key: 248,
  request_key: 249,
  keyctl: 250,
  perf_event_open: 298,
  open_by_handle_at: 304,
  bpf: 321,
  userfaultfd: 323,
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
};
const SOCKET = 41;
const IOCTL = 16;
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: all are within the sandbox's network namespace, which holds nothing but its own loopback. */
const FAMILIES = [1, 2, 10, 16];
/** TIOCSTI and TIOCLINUX put words into a terminal's mouth. */
const TERMINAL_REQUESTS = [0x5412, 0x541c];

const AUDIT_ARCH_X86_64 = 0xc000003e;
/** System calls of the x32 ABI have this bit, and other numbers. */
const X32 = 0x40000000;
const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97];

// Offsets in struct seccomp_data; of the 64-bit arguments the low half comes first.
const [NUMBER, ARCH, FIRST_ARGUMENT, SECOND_ARGUMENT] = [0, 4, 16, 24];

type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, k: number];
const load = (offset: number): Instruction => [0x20, 0, 0, offset];
/** Jumps count the instructions that are left out. */
const ifEqual = (k: number, yes: number, no: number): Instruction => [0x15, yes, no, k];
const ifAtLeast = (k: number, yes: number, no: number): Instruction => [0x35, yes, no, k];
const allow: Instruction = [0x06, 0, 0, 0x7fff0000];
const fail = (errno: number): Instruction => [0x06, 0, 0, 0x00050000 | errno];

/** `number`'s argument at `offset` decides. */
function byArgument(number: number, offset: number, test: readonly Instruction[]): Instruction[] {
  return [ifEqual(number, 0, 1 + test.length), load(offset), ...test];
}

const PROGRAM: readonly Instruction[] = [
  load(ARCH),
  ifEqual(AUDIT_ARCH_X86_64, 1, 0),
  fail(ENOSYS),
  load(NUMBER),
  ifAtLeast(X32, 0, 1),
  fail(ENOSYS),
  ...Object.values(REFUSED).flatMap((n) => [ifEqual(n, 0, 1), fail(EPERM)]),
  ...byArgument(SOCKET, FIRST_ARGUMENT, [...FAMILIES.flatMap((f) => [ifEqual(f, 0, 1), allow]), fail(EAFNOSUPPORT)]),
  ...byArgument(IOCTL, SECOND_ARGUMENT, [...TERMINAL_REQUESTS.flatMap((r) => [ifEqual(r, 0, 1), fail(EPERM)]), allow]),
  allow,
];

/** What bubblewrap's `--seccomp` reads. */
export const SYSCALL_FILTER: Uint8Array = encode(PROGRAM);

function encode(program: readonly Instruction[]): Uint8Array {
  const out = Buffer.alloc(program.length * 8);
  for (const [i, [code, yes, no, k]] of program.entries()) {
    out.writeUInt16LE(code, i * 8);
    out.writeUInt8(yes, i * 8 + 2);
    out.writeUInt8(no, i * 8 + 3);
    out.writeUInt32LE(k >>> 0, i * 8 + 4);
  }
  return out;
}
