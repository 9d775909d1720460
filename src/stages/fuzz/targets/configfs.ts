/** Items of configfs: a folder that somebody makes in a group of the module's, and the attributes in it (Documentation/filesystems/configfs.rst). */
import { bytes, type Call, call, into, number, register, room, type Sequence } from "../calls.ts";
import type { Target } from "./target.ts";

const PLACE = "/sys/kernel/config";
const ITEM = "kport";
const [READ, WRITE] = [0, 1];
const SHOWN = 4096;
/** MNT_DETACH */
const DETACH = 2;
/** What turns most things on; the rest of the texts are the module's. */
const TEXTS = ["1\n", "0\n", "16\n"];

export function configfsGroup(group: string, attributes: readonly string[]): Target {
  const folder = `${PLACE}/${group}/${ITEM}`;
  const made = (name: string, ...args: Call["arguments"]): Call => call(`configfs ${group}`, name, args);
  const within = (calls: Sequence): Sequence => [
    made("mount", bytes("none"), bytes(PLACE), bytes("configfs"), number(0), number(0)),
    made("mkdir", bytes(folder), number(0o755)),
    ...calls,
    made("rmdir", bytes(folder)),
    made("umount", bytes(PLACE), number(DETACH)),
  ];
  const at = (attribute: string, name: string, ...args: Call["arguments"]): Call =>
    call(`${group}/${attribute}`, name, args);
  const opened = (attribute: string, flags: number, ...calls: readonly Call[]): Call[] => [
    into(0, at(attribute, "open", bytes(`${folder}/${attribute}`), number(flags))),
    ...calls,
    at(attribute, "close", register(0)),
  ];
  const read = (attribute: string): Call[] =>
    opened(attribute, READ, at(attribute, "read", register(0), room(SHOWN), number(SHOWN)));
  const write = (attribute: string, text: string): Call[] =>
    opened(attribute, WRITE, at(attribute, "write", register(0), bytes(text), number(text.length)));
  return {
    name: `configfs ${group}`,
    first: () => [
      within(attributes.flatMap(read)),
      ...attributes.flatMap((a) => TEXTS.map((text) => within([...write(a, text), ...read(a)]))),
    ],
    generate: (values) => {
      const { random } = values;
      if (attributes.length === 0) return within([]);
      return within(
        Array.from({ length: 1 + random.below(6) }, () => {
          const one = random.of(attributes);
          return [
            ...write(one, random.oneIn(3) ? random.of(TEXTS) : values.text()),
            ...(random.oneIn(2) ? read(one) : []),
          ];
        }).flat(),
      );
    },
  };
}
