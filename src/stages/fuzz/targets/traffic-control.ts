/** Queueing disciplines, classifiers and actions, as `tc` sets them up on the loopback interface, with packets that go through. */
import { type Call, number } from "../calls.ts";
import {
  ASK,
  ask,
  attribute,
  attributes,
  CREATE,
  DUMP,
  nested,
  netlinkSocket,
  plainAttributes,
  REPLACE,
  text,
  words,
} from "../netlink-message.ts";
import type { Values } from "../values.ts";
import { bringUp, datagrams, send } from "./internet.ts";
import type { Target } from "./target.ts";

/** linux/rtnetlink.h: RTM_NEW…, and one and two more for DEL and GET. */
const [QDISC, CLASS, FILTER, ACTION] = [36, 40, 44, 48];
const [KIND, OPTIONS] = [1, 2];
const LOOPBACK = 1;
/** TC_H_ROOT, TC_H_INGRESS, and what a filter on the latter hangs on (linux/pkt_sched.h). */
const [ROOT, INGRESS, ON_INGRESS] = [0xffffffff, 0xfffffff1, 0xffff0000];
/** Priority 1, ETH_P_ALL in network order. */
const EVERY_PACKET = (1 << 16) | 0x0300;
const [TCA_ACT_TAB, TCA_ACT_INDEX] = [1, 3];
/** Of cls_matchall, which every packet matches (linux/pkt_cls.h). */
const TCA_MATCHALL_ACT = 2;
const HOME = [127, 0, 0, 1] as const;

const open = (of: string): Call[] => [netlinkSocket(of, 0), datagrams(of, 1), bringUp(of, "lo", 1)];
const packets = (of: string): Call[] => [1, 100, 1400].map((l) => send(of, 1, HOME, l));

/** struct tcmsg. */
function control(
  of: string,
  type: number,
  flags: number,
  where: readonly [number, number, number],
  ...parts: readonly Uint8Array[]
): Call {
  const [handle, parent, info] = where;
  return ask(
    of,
    number(type),
    flags,
    Buffer.concat([words(0, LOOPBACK, handle, parent, info), ...parts]),
    String(type),
  );
}

/** Nothing, a structure, or attributes: each discipline has its own. */
function options(values: Values): Buffer[] {
  const { random } = values;
  if (random.oneIn(5)) return [];
  if (random.oneIn(3)) return [attribute(OPTIONS, values.bytes(random.of([4, 8, 12, 16, 20, 24, 28, 32, 48, 64])))];
  return [nested(OPTIONS, attributes(values))];
}

/** Options as each of the module's tables tells of them. */
function plainOptions({ dictionary }: Values): Buffer[][] {
  return dictionary.netlink.policies.map((p) => [nested(OPTIONS, plainAttributes(p))]);
}

/** The queue of what comes in, on which filters hang. */
function ingress(of: string, type: number, flags: number): Call {
  return control(of, type, ASK | flags, [0xffff0000, INGRESS, 0], attribute(KIND, text("ingress")));
}

export function discipline(kind: string): Target {
  const named = attribute(KIND, text(kind));
  const root: [number, number, number] = [0x10000, ROOT, 0];
  const set = (flags: number, ...parts: readonly Uint8Array[]): Call =>
    control(kind, QDISC, ASK | CREATE | flags, root, named, ...parts);
  const look = [control(kind, QDISC + 2, ASK | DUMP, [0, 0, 0]), control(kind, CLASS + 2, ASK | DUMP, [0, 0, 0])];
  const end = control(kind, QDISC + 1, ASK, [0, ROOT, 0]);
  return {
    name: `queueing discipline ${kind}`,
    first: (values) =>
      [[], ...plainOptions(values)].map((parts) => [
        ...open(kind),
        set(REPLACE, ...parts),
        ...packets(kind),
        ...look,
        end,
      ]),
    generate: (values) => {
      const { random } = values;
      const child = (): [number, number, number] => [0x10000 + random.below(4), 0x10000 + random.below(3), 0];
      const some: (() => Call[])[] = [
        () => packets(kind),
        () => [set(random.oneIn(2) ? REPLACE : 0, ...options(values))],
        () => [control(kind, CLASS, ASK | CREATE, child(), named, ...options(values))],
        () => [control(kind, CLASS + 1, ASK, child())],
        () => [control(kind, CLASS + 2, ASK, child())],
        () => look,
      ];
      return [
        ...open(kind),
        set(REPLACE, ...options(values)),
        ...Array.from({ length: 1 + random.below(5) }, () => random.of(some)()).flat(),
        end,
      ];
    },
  };
}

export function classifier(kind: string): Target {
  const named = attribute(KIND, text(kind));
  const filter = (type: number, flags: number, handle: number, ...parts: readonly Uint8Array[]): Call =>
    control(kind, type, ASK | flags, [handle, ON_INGRESS, EVERY_PACKET], named, ...parts);
  const look = filter(FILTER + 2, DUMP, 0);
  const [begin, end] = [ingress(kind, QDISC, CREATE), ingress(kind, QDISC + 1, 0)];
  return {
    name: `classifier ${kind}`,
    first: (values) =>
      [[], ...plainOptions(values)].map((parts) => [
        ...open(kind),
        begin,
        filter(FILTER, CREATE, 1, ...parts),
        ...packets(kind),
        look,
        filter(FILTER + 1, 0, 1),
        end,
      ]),
    generate: (values) => {
      const { random } = values;
      const some: (() => Call[])[] = [
        () => packets(kind),
        () => [filter(FILTER, random.of([CREATE, 0, CREATE | REPLACE]), random.below(4), ...options(values))],
        () => [filter(FILTER + 1, 0, random.below(4))],
        () => [filter(FILTER + 2, 0, random.below(4))],
        () => [look],
      ];
      return [
        ...open(kind),
        begin,
        filter(FILTER, CREATE, random.below(3), ...options(values)),
        ...Array.from({ length: 1 + random.below(5) }, () => random.of(some)()).flat(),
        end,
      ];
    },
  };
}

/** Alone, and behind a filter that every packet matches. */
export function action(kind: string): Target {
  const one = (parts: readonly Uint8Array[]): Buffer => nested(1, attribute(KIND, text(kind)), ...parts);
  // struct tcamsg.
  const message = (type: number, flags: number, parts: readonly Uint8Array[]): Call =>
    ask(
      kind,
      number(type),
      ASK | flags,
      Buffer.concat([Buffer.alloc(4), nested(TCA_ACT_TAB, one(parts))]),
      String(type),
    );
  const behindFilter = (parts: readonly Uint8Array[]): Call[] => [
    ingress(kind, QDISC, CREATE),
    control(
      kind,
      FILTER,
      ASK | CREATE,
      [1, ON_INGRESS, EVERY_PACKET],
      attribute(KIND, text("matchall")),
      nested(OPTIONS, nested(TCA_MATCHALL_ACT, one(parts))),
    ),
    ...packets(kind),
    control(kind, FILTER + 2, ASK | DUMP, [0, ON_INGRESS, 0]),
    ingress(kind, QDISC + 1, 0),
  ];
  const index = (value: number): Buffer[] => [attribute(TCA_ACT_INDEX, words(value))];
  const look = message(ACTION + 2, DUMP, []);
  const remove = message(ACTION + 1, 0, index(1));
  return {
    name: `action ${kind}`,
    first: (values) =>
      plainOptions(values).map((parts) => [
        ...open(kind),
        message(ACTION, CREATE, parts),
        look,
        ...behindFilter(parts),
        remove,
      ]),
    generate: (values) => {
      const { random } = values;
      const parts = (): Buffer[] => [nested(OPTIONS, attributes(values))];
      const some: (() => Call[])[] = [
        () => behindFilter(parts()),
        () => [message(ACTION, random.of([CREATE, CREATE | REPLACE, 0]), parts())],
        () => [message(ACTION + 2, 0, index(random.below(3)))],
        () => [message(ACTION + 1, 0, index(random.below(3)))],
        () => [look],
      ];
      return [
        ...open(kind),
        message(ACTION, CREATE, parts()),
        ...Array.from({ length: 1 + random.below(5) }, () => random.of(some)()).flat(),
        remove,
      ];
    },
  };
}
