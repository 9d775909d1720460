/** Numbers that look drawn and are the same for the same seed: the key stream of a cipher. */
import { createCipheriv, createHash } from "node:crypto";

/** Of what is generated, where nobody names another. */
export const USUAL_SEED = 1;

export class Random {
  readonly #stream: ReturnType<typeof createCipheriv>;
  #bytes = Buffer.alloc(0);
  #at = 0;

  constructor(seed: string) {
    const key = createHash("sha256").update(seed).digest();
    this.#stream = createCipheriv("aes-128-ctr", key.subarray(0, 16), key.subarray(16));
  }

  bytes(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) {
      this.#bytes = this.#stream.update(Buffer.alloc(Math.max(65536, length)));
      this.#at = 0;
    }
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }

  /** From 0 up to, and without, `end`. */
  below(end: number): number {
    return end <= 1 ? 0 : this.bytes(6).readUIntLE(0, 6) % end;
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** @throws Error where there is nothing to choose from */
  of<T>(things: readonly T[]): T {
    if (things.length === 0) throw new Error("nothing to choose from");
    return things[this.below(things.length)] as T;
  }
}
