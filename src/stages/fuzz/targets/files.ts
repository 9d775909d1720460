/** Files of text: parameters, and what lies in sysfs, procfs and debugfs. */
import { bytes, type Call, call, into, number, register, room } from "../calls.ts";
import type { Target } from "./target.ts";

const [READ, WRITE] = [0o4000, 0o4001];
const SHOWN = 4096;
const S_IWUSR = 0o200;
const S_IRUSR = 0o400;

export function file(path: string, mode: number): Target {
  const open = (flags: number, to: number): Call =>
    into(to, call(path, "open", [bytes(path), number(flags)], String(flags & 3)));
  const read = (at: number, length = SHOWN): Call => call(path, "read", [register(at), room(length), number(length)]);
  const written = (at: number, text: string): Call =>
    call(path, "write", [register(at), bytes(text), number(text.length)]);
  const isWritable = (mode & S_IWUSR) !== 0;
  const readBack = (mode & S_IRUSR) === 0 ? [] : [open(READ, 1), read(1)];
  return {
    name: path,
    isFile: true,
    first: ({ dictionary }) => [
      [open(READ, 0), read(0), read(0), call(path, "lseek", [register(0), number(0), number(0)]), read(0, 16)],
      ...(isWritable
        ? ["0\n", "1\n", "\n", ...dictionary.words.slice(0, 30).map((w) => `${w}\n`)].map((text) => [
            open(WRITE, 0),
            written(0, text),
            ...readBack,
          ])
        : []),
    ],
    generate: (values) => {
      const { random } = values;
      if (!isWritable || random.oneIn(8)) {
        const lengths = Array.from({ length: 1 + random.below(4) }, () => values.length());
        return [
          open(READ, 0),
          ...(random.oneIn(3)
            ? [call(path, "lseek", [register(0), number(values.number()), number(random.below(3))])]
            : []),
          ...lengths.map((n) => read(0, n)),
        ];
      }
      return [
        open(WRITE, 0),
        ...Array.from({ length: 1 + random.below(3) }, () => written(0, values.text())),
        ...readBack,
      ];
    },
  };
}
