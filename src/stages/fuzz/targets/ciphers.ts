/** Algorithms of the kernel's crypto interface, by AF_ALG (Documentation/crypto/userspace-if.rst). */
import { bytes, type Call, call, into, number, register, room } from "../calls.ts";
import type { Target } from "./target.ts";

const AF_ALG = 38;
const SOCK_SEQPACKET = 5;
const SOL_ALG = 279;
const ALG_SET_KEY = 1;
const ALG_SET_AEAD_AUTHSIZE = 5;
const SOCK_NONBLOCK = 0o4000;
/** What AF_ALG calls the types of /proc/crypto. */
const TYPES: Readonly<Record<string, string>> = {
  skcipher: "skcipher",
  cipher: "skcipher",
  shash: "hash",
  ahash: "hash",
  aead: "aead",
  rng: "rng",
};
const KEYS = [0, 5, 8, 16, 24, 32, 33, 48, 64, 256];

export function cipher(ofKernel: string, driver: string): Target[] {
  const type = Object.hasOwn(TYPES, ofKernel) ? TYPES[ofKernel] : undefined;
  if (type === undefined || driver.length > 63) return [];
  const name = ofKernel === "cipher" ? `ecb(${driver})` : driver;
  const address = Buffer.alloc(88);
  address.writeUInt16LE(AF_ALG, 0);
  address.write(type, 2, "latin1");
  address.write(name, 24, "latin1");
  const made = (what: string, args: Call["arguments"]): Call => call(name, what, args);
  const begin: Call[] = [
    into(0, made("socket", [number(AF_ALG), number(SOCK_SEQPACKET), number(0)])),
    made("bind", [register(0), bytes(address), number(address.length)]),
  ];
  const key = (value: Uint8Array): Call =>
    made("setsockopt", [register(0), number(SOL_ALG), number(ALG_SET_KEY), bytes(value), number(value.length)]);
  const accept = into(1, made("accept", [register(0), number(0), number(0), number(SOCK_NONBLOCK)]));
  const exchange = (data: Uint8Array, more: number): Call[] => [
    made("sendto", [register(1), bytes(data), number(data.length), number(more), number(0), number(0)]),
    made("read", [register(1), room(data.length + 64), number(data.length + 64)]),
  ];
  return [
    {
      name: `${type} ${name}`,
      first: () => KEYS.map((n) => [...begin, key(Buffer.alloc(n, 7)), accept, ...exchange(Buffer.alloc(64, 1), 0)]),
      generate: (values) => {
        const { random } = values;
        const calls = [...begin];
        if (type === "aead")
          calls.push(
            made("setsockopt", [
              register(0),
              number(SOL_ALG),
              number(ALG_SET_AEAD_AUTHSIZE),
              number(0),
              number(random.below(20)),
            ]),
          );
        if (!random.oneIn(6)) calls.push(key(Buffer.from(random.bytes(random.of(KEYS)))));
        calls.push(accept);
        // MSG_MORE, without which an exchange is over.
        for (let n = 1 + random.below(4); n > 0; n--)
          calls.push(...exchange(Buffer.from(random.bytes(values.length())), random.oneIn(3) ? 0x8000 : 0));
        return calls;
      },
    },
  ];
}
