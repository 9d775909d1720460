/** Generated values: numbers, bytes and texts, of which the module's own constants are many. */
import { type Argument, bytes, number, room } from "./calls.ts";
import type { Dictionary } from "./dictionary.ts";
import type { Random } from "./random.ts";

const EDGES = [
  0, 1, 2, 3, 4, 7, 8, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 511, 512, 1000, 1024, 4095, 4096, 4097, 65535,
  65536,
]
  .map(BigInt)
  .concat([
    0x7fffffffn,
    0x80000000n,
    0xffffffffn,
    0x100000000n,
    0x7fffffffffffffffn,
    0x8000000000000000n,
    (1n << 64n) - 1n,
  ]);
const LENGTHS = [0, 1, 2, 4, 7, 8, 15, 16, 24, 32, 64, 100, 128, 256, 512, 1000, 4096, 4097, 9000];
const TEXTS = [
  "",
  "\n",
  "0",
  "1",
  "-1",
  "y",
  "n",
  "on",
  "off",
  "none",
  "default",
  "0x10",
  "08",
  "1 2 3",
  "1,2,3",
  "18446744073709551616",
  " 1",
  "1x",
];

export class Values {
  readonly random: Random;
  readonly dictionary: Dictionary;

  constructor(random: Random, dictionary: Dictionary) {
    this.random = random;
    this.dictionary = dictionary;
  }

  /** 64 bits. */
  number(): bigint {
    const { random, dictionary } = this;
    const known = dictionary.numbers.length > 0 && !random.oneIn(3);
    const value = known ? random.of(dictionary.numbers) : random.of(EDGES);
    if (random.oneIn(6)) return BigInt.asUintN(64, value + (random.oneIn(2) ? 1n : -1n));
    return random.oneIn(12) ? BigInt(random.below(2 ** 32)) : value;
  }

  length(): number {
    return this.random.of(LENGTHS);
  }

  /** Zeros with numbers in places where a structure may have them. */
  bytes(length: number): Buffer {
    const { random } = this;
    if (random.oneIn(8)) return Buffer.from(random.bytes(length));
    const out = Buffer.alloc(length);
    for (let n = random.below(2 + length / 8); n >= 0 && length > 0; n--) {
      const width = random.of([1, 2, 4, 4, 8, 8].filter((w) => w <= length));
      const at = random.below(Math.floor(length / width)) * width;
      const value = this.number();
      for (let i = 0; i < width; i++) out[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
    }
    return out;
  }

  /** What somebody might write into a file of text. */
  text(): string {
    const { random, dictionary } = this;
    const end = random.oneIn(4) ? "" : "\n";
    switch (random.below(6)) {
      case 0:
        return random.of(TEXTS) + end;
      case 1:
        return "x".repeat(this.length());
      case 2:
        return this.bytes(random.below(64)).toString("latin1");
      case 3:
        return `${this.word()} ${this.word()}${end}`;
      default:
        return (dictionary.words.length > 0 && random.oneIn(2) ? random.of(dictionary.words) : this.word()) + end;
    }
  }

  private word(): string {
    const { random, dictionary } = this;
    if (dictionary.words.length > 0 && random.oneIn(3)) return random.of(dictionary.words);
    return String(BigInt.asIntN(random.of([32, 64]), this.number()));
  }

  /** What stands behind the number of an ioctl: by the size that the number tells, or any. */
  ioctlArgument(request: bigint): Argument {
    const { random } = this;
    const size = Number((request >> 16n) & 0x3fffn);
    // _IOC_DIR: the kernel reads it, or writes it.
    if (request >> 30n !== 0n && size > 0 && size <= 8192 && !random.oneIn(10))
      return random.oneIn(4) ? room(size) : bytes(this.bytes(size));
    return random.oneIn(3) ? bytes(this.bytes(random.of([4, 8, 16, 64, 256]))) : number(this.number());
  }

  ioctlRequest(others: readonly bigint[] = []): bigint {
    const { random, dictionary } = this;
    const known = [...dictionary.ioctls, ...others];
    if (known.length === 0 || random.oneIn(20)) return BigInt(random.below(2 ** 32));
    return random.oneIn(20) ? random.of(known) ^ (1n << BigInt(random.below(32))) : random.of(known);
  }
}
