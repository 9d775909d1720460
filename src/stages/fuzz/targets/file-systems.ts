/** File systems that need no device: mounted, and used by a few files. */
import { bytes, type Call, call, into, number, register, room } from "../calls.ts";
import type { Target } from "./target.ts";

const CREATE = 0o102;
const PLACE = "/tmp/mounted";
const NAMES = ["a", "b", "folder", "folder/c", ".", "..", "x".repeat(255)].map((n) => `${PLACE}/${n}`);
/** MS_RDONLY, MS_REMOUNT, MS_NOATIME. */
const FLAGS = [0, 0, 0, 1, 32, 1024];

export function fileSystem(type: string): Target {
  const made = (name: string, ...args: Call["arguments"]): Call => call(type, name, args);
  const mount = (flags: number, options: string): Call[] => [
    made("mkdir", bytes(PLACE), number(0o755)),
    made("mount", bytes("none"), bytes(PLACE), bytes(type), number(flags), bytes(options)),
  ];
  // MNT_DETACH
  const end = made("umount", bytes(PLACE), number(2));
  return {
    name: `file system ${type}`,
    first: () => [
      [
        ...mount(0, ""),
        into(0, made("open", bytes(PLACE), number(0))),
        into(1, made("open", bytes(`${PLACE}/a`), number(CREATE), number(0o644))),
        made("write", register(1), bytes("text"), number(4)),
        made("pread", register(1), room(64), number(64), number(0)),
        made("mkdir", bytes(`${PLACE}/folder`), number(0o755)),
        end,
      ],
    ],
    generate: (values) => {
      const { random } = values;
      const name = () => bytes(random.of(NAMES));
      const length = values.length();
      const some: (() => Call)[] = [
        () => into(1, made("open", name(), number(random.of([0, 1, 2, CREATE, 0o1102])), number(0o644))),
        () => made("write", register(1), bytes(values.bytes(length)), number(length)),
        () => made("pread", register(1), room(length), number(length), number(values.number())),
        () => made("pwrite", register(1), bytes(values.bytes(length)), number(length), number(random.below(100_000))),
        () => made("ftruncate", register(1), number(random.below(100_000))),
        () => made("mkdir", name(), number(0o755)),
        () => made("rmdir", name()),
        () => made("unlink", name()),
        () => made("rename", name(), name()),
        () => made("symlink", name(), name()),
        () => made("fsync", register(1)),
      ];
      return [
        ...mount(random.of(FLAGS), random.oneIn(2) ? "" : values.text().trim()),
        ...Array.from({ length: 2 + random.below(10) }, () => random.of(some)()),
        end,
      ];
    },
  };
}
