/** Packets and addresses of the internet protocol: what makes interfaces and queues work. */
import { bytes, type Call, call, into, number, register } from "../calls.ts";

const [AF_INET, SOCK_DGRAM, SOCK_NONBLOCK] = [2, 2, 0o4000];
const [SOL_SOCKET, SO_BROADCAST, SO_BINDTODEVICE] = [1, 6, 25];
const [SIOCSIFFLAGS, SIOCSIFADDR] = [0x8914, 0x8916];
const IFREQ = 40;
/** The port that throws away what it is sent (RFC 863). */
const DISCARD = 9;

/** `struct sockaddr_in`. */
export function address(host: readonly [number, number, number, number], port = 0): Buffer {
  const out = Buffer.alloc(16);
  out.writeUInt16LE(AF_INET, 0);
  out.writeUInt16BE(port, 2);
  out.set(host, 4);
  return out;
}

/** `struct ifreq`. */
export function ifreq(name: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(IFREQ);
  out.write(name.slice(0, 15), "latin1");
  out.set(data.subarray(0, IFREQ - 16), 16);
  return out;
}

/** A socket of datagrams, in a register. */
export const datagrams = (of: string, to: number): Call =>
  into(to, call(of, "socket", [number(AF_INET), number(SOCK_DGRAM | SOCK_NONBLOCK), number(0)], "datagrams"));

/** Make an interface work, by the socket in `socket`. */
export function bringUp(of: string, name: string, socket: number, isUp = true): Call {
  const flags = Buffer.from([isUp ? 1 : 0, 0]);
  return call(of, "ioctl", [register(socket), number(SIOCSIFFLAGS), bytes(ifreq(name, flags))], "flags");
}

/** Give it an address whose network has a broadcast one, and send there: that leaves by this interface, and nobody is asked where to. */
export function broadcast(of: string, name: string, socket: number, lengths: readonly number[]): Call[] {
  const option = (what: number, value: Uint8Array): Call =>
    call(of, "setsockopt", [register(socket), number(SOL_SOCKET), number(what), bytes(value), number(value.length)]);
  return [
    call(of, "ioctl", [register(socket), number(SIOCSIFADDR), bytes(ifreq(name, address([10, 9, 8, 1])))], "address"),
    option(SO_BROADCAST, Buffer.from([1, 0, 0, 0])),
    option(SO_BINDTODEVICE, Buffer.from(`${name}\0`, "latin1")),
    ...lengths.map((l) => send(of, socket, [10, 255, 255, 255], l)),
  ];
}

/** Send so many bytes. */
export function send(of: string, socket: number, to: readonly [number, number, number, number], length: number): Call {
  const where = address(to, DISCARD);
  return call(
    of,
    "sendto",
    [register(socket), bytes(Buffer.alloc(length, "kport ")), number(length), number(0), bytes(where), number(16)],
    "packet",
  );
}
