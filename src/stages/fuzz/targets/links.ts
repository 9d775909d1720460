/** Kinds of network interfaces, as `ip link add` makes them. */
import { type Call, number } from "../calls.ts";
import { ASK, ask, attribute, attributes, CREATE, EXCLUSIVE, nested, netlinkSocket, text } from "../netlink-message.ts";
import { broadcast, bringUp, datagrams } from "./internet.ts";
import type { Target } from "./target.ts";

/** linux/rtnetlink.h, linux/if_link.h. */
const [NEWLINK, DELLINK, GETLINK] = [16, 17, 18];
const [ADDRESS, NAME, MTU, LINK, LINKINFO] = [1, 3, 4, 5, 18];
const [KIND, DATA] = [1, 2];
const NETLINK_ROUTE = 0;
const MADE = "kport0";
/** The loopback interface, which is always there, as what others are built on. */
const LOOPBACK = 1;

export function linkKind(kind: string): Target {
  const message = (type: number, flags: number, ...parts: readonly Uint8Array[]): Call =>
    // struct ifinfomsg, of no interface in particular.
    ask(
      kind,
      number(type),
      flags,
      Buffer.concat([Buffer.alloc(16), attribute(NAME, text(MADE)), ...parts]),
      String(type),
    );
  const info = (data?: Uint8Array): Buffer =>
    nested(LINKINFO, attribute(KIND, text(kind)), ...(data === undefined ? [] : [nested(DATA, data)]));
  const make = (...parts: readonly Uint8Array[]): Call => message(NEWLINK, ASK | CREATE | EXCLUSIVE, ...parts);
  const open = [netlinkSocket(kind, NETLINK_ROUTE), datagrams(kind, 1)];
  const look = message(GETLINK, ASK);
  const remove = message(DELLINK, ASK);
  const lower = attribute(LINK, Buffer.from([LOOPBACK, 0, 0, 0]));
  const used = (lengths: readonly number[]): Call[] => [
    bringUp(kind, MADE, 1),
    ...broadcast(kind, MADE, 1, lengths),
    look,
  ];
  return {
    name: `network interfaces of kind ${kind}`,
    first: () => [
      [...open, make(info()), ...used([1, 1400]), bringUp(kind, MADE, 1, false), remove],
      [...open, make(lower, info()), ...used([100]), remove],
    ],
    generate: (values) => {
      const { random } = values;
      const some: (() => Call[])[] = [
        () => used([random.below(1500)]),
        () => [message(NEWLINK, ASK, info(attributes(values)))],
        () => [message(NEWLINK, ASK, attribute(MTU, values.bytes(4)))],
        () => [message(NEWLINK, ASK, attribute(ADDRESS, values.bytes(random.of([6, 6, 4, 20]))))],
        () => [look],
        () => [bringUp(kind, MADE, 1, random.oneIn(2))],
      ];
      return [
        ...open,
        make(...(random.oneIn(2) ? [lower] : []), info(random.oneIn(4) ? undefined : attributes(values))),
        ...Array.from({ length: random.below(5) }, () => random.of(some)()).flat(),
        remove,
      ];
    },
  };
}
