/** Families of generic netlink, by their commands. */
import { bytes, type Call, call, into, register } from "../calls.ts";
import { ASK, ask, attributes, DUMP, netlinkSocket, plainAttributes } from "../netlink-message.ts";
import type { Target } from "./target.ts";

const NETLINK_GENERIC = 16;
/** Where no table of operations tells of a command. */
const FIRST_COMMANDS = [0n, 1n, 2n, 3n, 4n];

export function genericFamily(name: string): Target {
  const open = [netlinkSocket(name, NETLINK_GENERIC), into(1, call(name, "family", [register(0), bytes(name)]))];
  const command = (number: bigint, flags: number, attributes: Uint8Array): Call =>
    // struct genlmsghdr: the command, the version, nothing.
    ask(
      name,
      register(1),
      flags,
      Buffer.concat([Buffer.from([Number(number & 0xffn), 1, 0, 0]), attributes]),
      `${number} ${flags}`,
    );
  return {
    name: `generic netlink family ${name}`,
    first: ({ dictionary: { netlink } }) => {
      const tables = [Buffer.alloc(0), ...netlink.policies.map(plainAttributes)];
      return commandsOf(netlink.commands).map((c) => [
        ...open,
        command(c, ASK | DUMP, Buffer.alloc(0)),
        ...tables.slice(0, 8).map((t) => command(c, ASK, t)),
      ]);
    },
    generate: (values) => {
      const { random, dictionary } = values;
      const known = commandsOf(dictionary.netlink.commands);
      return [
        ...open,
        ...Array.from({ length: 1 + random.below(8) }, () =>
          command(random.of(known), random.oneIn(4) ? ASK | DUMP : ASK, attributes(values)),
        ),
      ];
    },
  };
}

const commandsOf = (known: readonly bigint[]): readonly bigint[] => (known.length > 0 ? known : FIRST_COMMANDS);
