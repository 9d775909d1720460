/** File systems: mounted, those that need a device on an image of theirs, and used by a few files. */
import { bytes, type Call, call, into, number, register, room, type Sequence } from "../calls.ts";
import type { Image } from "../images.ts";
import type { Values } from "../values.ts";
import type { Target } from "./target.ts";

const [READ_WRITE, CREATE, TRUNCATE] = [2, 0o102, 0o1000];
const PLACE = "/tmp/mounted";
const NAMES = ["a", "b", "folder", "folder/c", ".", "..", "x".repeat(255)].map((n) => `${PLACE}/${n}`);
/** MS_RDONLY, MS_REMOUNT, MS_NOATIME. */
const FLAGS = [0, 0, 0, 1, 32, 1024];
/** MNT_DETACH */
const DETACH = 2;

/** A file system that needs no device. */
export function fileSystem(type: string): Target {
  return target(type, { before: () => [], source: "none", behind: [] });
}

/** Where there is no image of it, one of zeros, of which generated calls make something. */
const BLANK: Image = { size: 256 * 1024, parts: [] };
/** linux/loop.h, and where its first device is: opening it asks for the driver. */
const [SET_FILE, CLEAR_FILE] = [0x4c00, 0x4c01];
const LOOP = "/dev/loop0";
const [BLOCK_DEVICE, LOOP_NUMBER] = [0o60600, 0x700];
/** Where file systems have their first structures, most of them. */
const HEAD = 8192;

/** A file system on a device: the loop driver's, over a copy of an image that is made once in each guest. */
export function fileSystemOnImage(type: string, image: Image = BLANK): Target {
  const made = (name: string, ...args: Call["arguments"]): Call => call(type, name, args);
  const master = `/tmp/${type}.image`;
  const copy = "/tmp/image";
  // Behind it there are zeros, which nobody has to copy.
  const filled = image.parts.reduce((end, p) => Math.max(end, p.at + p.bytes.length), 0);
  const attach = (changes: readonly Call[]): Call[] => [
    into(2, made("open", bytes(master), number(0))),
    into(3, made("open", bytes(copy), number(CREATE | TRUNCATE), number(0o600))),
    made("sendfile", register(3), register(2), number(0), number(filled)),
    made("ftruncate", register(3), number(image.size)),
    ...changes,
    made("mknod", bytes(LOOP), number(BLOCK_DEVICE), number(LOOP_NUMBER)),
    into(0, made("open", bytes(LOOP), number(READ_WRITE))),
    made("ioctl", register(0), number(SET_FILE), register(3)),
  ];
  const change = (values: Values): Call => {
    const { random } = values;
    const places = image.parts.filter((p) => p.at < HEAD);
    const at =
      places.length > 0 && !random.oneIn(4)
        ? ((p) => p.at + random.below(p.bytes.length))(random.of(places))
        : 4 * random.below(HEAD / 4);
    const some = values.bytes(random.of([1, 2, 4, 8, 64]));
    return made("pwrite", register(3), bytes(some), number(some.length), number(at));
  };
  return {
    ...target(type, {
      before: (values) => attach(values === undefined || isAsMade(values) ? [] : [change(values), change(values)]),
      source: LOOP,
      behind: [made("ioctl", register(0), number(CLEAR_FILE), number(0))],
    }),
    prepare: [
      into(0, made("open", bytes(master), number(CREATE), number(0o600))),
      made("ftruncate", register(0), number(image.size)),
      ...image.parts.map((p) => made("pwrite", register(0), bytes(p.bytes), number(p.bytes.length), number(p.at))),
    ],
  };
}

/** Half of the images are as they were made. */
const isAsMade = ({ random }: Values): boolean => random.oneIn(2);

interface Mounted {
  /** What makes the device; of what nobody has changed where there are no values. */
  before: (values?: Values) => readonly Call[];
  source: string;
  behind: readonly Call[];
}

function target(type: string, { before, source, behind }: Mounted): Target {
  const made = (name: string, ...args: Call["arguments"]): Call => call(type, name, args);
  const mount = (flags: number, options: string): Call[] => [
    made("mkdir", bytes(PLACE), number(0o755)),
    made("mount", bytes(source), bytes(PLACE), bytes(type), number(flags), bytes(options)),
  ];
  const end = [made("umount", bytes(PLACE), number(DETACH)), ...behind];
  const used: Sequence = [
    into(4, made("open", bytes(PLACE), number(0))),
    made("getdents", register(4), room(1024), number(1024)),
    into(1, made("open", bytes(`${PLACE}/a`), number(CREATE), number(0o644))),
    made("write", register(1), bytes("text"), number(4)),
    made("pread", register(1), room(64), number(64), number(0)),
    made("fsync", register(1)),
    made("mkdir", bytes(`${PLACE}/folder`), number(0o755)),
    made("rename", bytes(`${PLACE}/a`), bytes(`${PLACE}/folder/c`)),
    made("getdents", register(4), room(1024), number(1024)),
    made("unlink", bytes(`${PLACE}/folder/c`)),
    made("rmdir", bytes(`${PLACE}/folder`)),
    made("close", register(1)),
    made("close", register(4)),
  ];
  return {
    name: `file system ${type}`,
    first: () => [0, 1].map((flags) => [...before(), ...mount(flags, ""), ...used, ...end]),
    generate: (values) => {
      const { random } = values;
      const name = () => bytes(random.of(NAMES));
      const length = values.length();
      const some: (() => Call)[] = [
        () => into(1, made("open", name(), number(random.of([0, 1, 2, CREATE, 0o1102])), number(0o644))),
        () => made("write", register(1), bytes(values.bytes(length)), number(length)),
        () => made("pread", register(1), room(length), number(length), number(values.number())),
        () => made("pwrite", register(1), bytes(values.bytes(length)), number(length), number(random.below(100_000))),
        () => made("getdents", register(1), room(length), number(length)),
        () => made("ftruncate", register(1), number(random.below(100_000))),
        () => made("mkdir", name(), number(0o755)),
        () => made("rmdir", name()),
        () => made("unlink", name()),
        () => made("rename", name(), name()),
        () => made("symlink", name(), name()),
        () => made("fsync", register(1)),
      ];
      return [
        ...before(values),
        ...mount(random.of(FLAGS), random.oneIn(2) ? "" : values.text().trim()),
        ...Array.from({ length: 2 + random.below(10) }, () => random.of(some)()),
        ...end,
      ];
    },
  };
}
