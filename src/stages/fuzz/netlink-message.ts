/** Netlink messages: attributes, known or made up, and the call that sends one (guest/netlink.h). */
import { bytes, type Call, call, into, number, register, room, type Argument } from "./calls.ts";
import type { AttributePolicy } from "./netlink-names.ts";
import type { Values } from "./values.ts";

const [AF_NETLINK, SOCK_RAW, SOCK_NONBLOCK] = [16, 3, 0o4000];
/** Of a request: NLM_F_REQUEST, and with it NLM_F_ACK; NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE; NLM_F_DUMP (linux/netlink.h). */
export const [REQUEST, ACKNOWLEDGE, CREATE, EXCLUSIVE, REPLACE, DUMP] = [1, 4, 0x400, 0x200, 0x100, 0x300];
export const ASK = REQUEST | ACKNOWLEDGE;
const ANSWER = 4096;

/** A socket of a protocol (NETLINK_ROUTE is 0, NETLINK_GENERIC 16), in register 0. */
export function netlinkSocket(of: string, protocol: number): Call {
  return into(0, call(of, "socket", [number(AF_NETLINK), number(SOCK_RAW | SOCK_NONBLOCK), number(protocol)]));
}

/** Send a message over the socket in register 0. @param what tells its kind from others of the same target */
export function ask(of: string, type: Argument, flags: number, payload: Uint8Array, what: string): Call {
  return call(of, "netlink", [register(0), type, number(flags), bytes(payload), room(ANSWER)], what);
}

/** `struct nlattr`, what it holds, and zeros up to a multiple of four. */
export function attribute(type: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(4 + payload.length, 0);
  head.writeUInt16LE(type & 0xffff, 2);
  return Buffer.concat([head, payload, Buffer.alloc(-payload.length & 3)]);
}

/** NLA_F_NESTED, which strict parsers ask for. */
export const nested = (type: number, ...attributes: readonly Uint8Array[]): Buffer =>
  attribute(type | 0x8000, Buffer.concat(attributes));

export const text = (value: string): Buffer => Buffer.from(`${value}\0`, "latin1");

/** Numbers of four bytes, little-endian. */
export function words(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(4 * values.length);
  for (const [i, v] of values.entries()) out.writeUInt32LE(v >>> 0, 4 * i);
  return out;
}

/** `NLA_…` by their numbers, which have been the same since 5.x (include/net/netlink.h). */
const WIDTHS = new Map([
  [1, 1],
  [2, 2],
  [3, 4],
  [4, 8],
  [7, 8],
  [12, 1],
  [13, 2],
  [14, 4],
  [15, 8],
  [16, 8],
  [18, 2],
  [19, 4],
]);
const [STRING, FLAG, NESTED, NESTED_ARRAY, NUL_STRING] = [5, 6, 8, 9, 10];
const MOST_DEPTH = 3;
const MOST_PAYLOAD = 512;

/** Attributes as one of the module's tables tells of them, now and then others. */
export function attributes(values: Values, depth = 0): Buffer {
  const { random } = values;
  const { policies } = values.dictionary.netlink;
  if (policies.length === 0 || random.oneIn(10))
    return Buffer.concat(
      Array.from({ length: random.below(4) }, () =>
        attribute(random.below(12), values.bytes(random.of([0, 1, 2, 4, 4, 8, 16, 20, 24, 32]))),
      ),
    );
  const chosen = random.of(policies);
  const most = random.oneIn(2) ? 2 : 5;
  return Buffer.concat(
    chosen.filter(() => random.below(5) < most).map((p) => attribute(p.attribute, payload(values, p, depth))),
  );
}

/** All attributes of a table with zeros, those that are nested empty. */
export function plainAttributes(policy: readonly AttributePolicy[]): Buffer {
  return Buffer.concat(
    policy.map((p) => attribute(p.attribute, Buffer.alloc(WIDTHS.get(p.kind) ?? Math.min(p.length, MOST_PAYLOAD)))),
  );
}

function payload(values: Values, { kind, length }: AttributePolicy, depth: number): Buffer {
  const { random } = values;
  if (kind === NESTED || kind === NESTED_ARRAY) {
    if (depth >= MOST_DEPTH) return Buffer.alloc(0);
    const inner = attributes(values, depth + 1);
    return kind === NESTED ? inner : nested(1, inner);
  }
  if (kind === FLAG) return Buffer.alloc(0);
  if (kind === STRING || kind === NUL_STRING)
    return text(
      values
        .text()
        .trim()
        .slice(0, length || 16),
    );
  const width = WIDTHS.get(kind) ?? (length === 0 ? random.of([4, 8, 16]) : length);
  return values.bytes(random.oneIn(12) ? random.below(64) : Math.min(width, MOST_PAYLOAD));
}
