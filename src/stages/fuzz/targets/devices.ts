/** Character and block devices. */
import { bytes, type Call, call, into, number, register, room } from "../calls.ts";
import type { Values } from "../values.ts";
import type { Target } from "./target.ts";

/** O_RDONLY, O_WRONLY and O_RDWR, with O_NONBLOCK: a call that waits for another is one that says nothing. */
const FLAGS = [0o4000, 0o4001, 0o4002];
const READ_WRITE = 0o4002;
const MOST_CALLS = 12;
/** BLKROSET, BLKROGET, BLKRRPART, BLKGETSIZE, BLKFLSBUF, BLKRASET, BLKSSZGET, BLKGETSIZE64, BLKPBSZGET, BLKDISCARD, BLKZEROOUT, HDIO_GETGEO (linux/fs.h, linux/hdreg.h). */
const OF_BLOCKS = [
  0x125d, 0x125e, 0x125f, 0x1260, 0x1261, 0x1262, 0x1268, 0x80081272, 0x127b, 0x1277, 0x127f, 0x301,
].map(BigInt);
/** TCGETS, TCSETS, TIOCGWINSZ, TIOCSWINSZ, FIONREAD, TIOCMGET, TIOCMSET, TIOCGSERIAL (asm-generic/ioctls.h). */
const OF_CHARACTERS = [0x5401, 0x5402, 0x5413, 0x5414, 0x541b, 0x5415, 0x5418, 0x541e].map(BigInt);

export function device(path: string, kind: "character" | "block"): Target {
  const others = kind === "block" ? OF_BLOCKS : OF_CHARACTERS;
  const open = (flags: number, to = 0): Call =>
    into(to, call(path, "open", [bytes(path), number(flags)], String(flags & 3)));
  const ioctl = (request: bigint, argument: Call["arguments"][number], file = 0): Call =>
    call(path, "ioctl", [register(file), number(request), argument], `0x${request.toString(16)}`);
  return {
    name: path,
    first: ({ dictionary }) => [
      [open(READ_WRITE), call(path, "read", [register(0), room(4096), number(4096)])],
      [
        open(READ_WRITE),
        call(path, "write", [register(0), bytes("0123456789abcdef"), number(16)]),
        call(path, "lseek", [register(0), number(0), number(0)]),
        call(path, "read", [register(0), room(4096), number(4096)]),
        call(path, "mmap", [register(0), number(4096), number(3), number(0)]),
        call(path, "poll", [register(0), number(0x47)]),
        call(path, "fsync", [register(0)]),
      ],
      ...[...dictionary.ioctls, ...others].map((request) => [
        open(READ_WRITE),
        ioctl(request, room(Math.max(64, Number((request >> 16n) & 0x3fffn)))),
        ioctl(request, number(0)),
      ]),
    ],
    generate: (values) => {
      const { random } = values;
      const calls = [open(random.oneIn(4) ? random.of(FLAGS) : READ_WRITE)];
      if (random.oneIn(6)) calls.push(open(random.of(FLAGS), 1));
      for (let n = 1 + random.below(MOST_CALLS); n > 0; n--) {
        const file = calls.length > 1 && random.oneIn(6) ? 1 : 0;
        const own = values.dictionary.ioctls.length > 0;
        if (random.below(10) < (own ? 5 : 2)) {
          const request = values.ioctlRequest(random.oneIn(own ? 12 : 2) ? others : []);
          calls.push(ioctl(request, values.ioctlArgument(request), file));
        } else calls.push(onFile(path, file, values, kind === "block"));
      }
      return calls;
    },
  };
}

/** One call that any open file takes. */
function onFile(path: string, file: number, values: Values, blocks: boolean): Call {
  const { random } = values;
  const of = register(file);
  const length = blocks && !random.oneIn(4) ? random.of([512, 1024, 4096, 8192]) : values.length();
  const offset = blocks && !random.oneIn(4) ? BigInt(512 * random.below(64)) : values.number();
  switch (random.below(9)) {
    case 0:
    case 1:
      return call(path, "read", [of, room(length), number(length)]);
    case 2:
    case 3: {
      const data = random.oneIn(3) ? Buffer.from(values.text(), "latin1") : values.bytes(length);
      return call(path, "write", [of, bytes(data), number(data.length)]);
    }
    case 4:
      return call(path, "lseek", [of, number(offset), number(random.below(5))]);
    case 5:
      return call(path, "pread", [of, room(length), number(length), number(offset)]);
    case 6:
      return call(path, "pwrite", [of, bytes(values.bytes(length)), number(length), number(offset)]);
    case 7:
      return call(path, "mmap", [
        of,
        number(4096 * (1 + random.below(8))),
        number(random.of([1, 3])),
        number(4096 * random.below(4)),
      ]);
    default:
      return random.oneIn(2)
        ? call(path, "poll", [of, number(0x47)])
        : call(path, random.oneIn(2) ? "fsync" : "close", [of]);
  }
}
