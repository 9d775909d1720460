/** Network interfaces by the ioctls that configure them (linux/sockios.h), and sockets of a family of the module's own. */
import { bytes, type Call, call, into, number, register, room } from "../calls.ts";
import { bringUp, broadcast, datagrams, ifreq } from "./internet.ts";
import type { Target } from "./target.ts";

const SOCK_NONBLOCK = 0o4000;
/** Flags, address, netmask, MTU, hardware address, queue length, index, map, and the sixteen private ones of a driver. */
const REQUESTS = [
  0x8913, 0x8914, 0x8915, 0x8916, 0x891b, 0x8921, 0x8922, 0x8927, 0x8924, 0x8942, 0x8943, 0x8933, 0x8970, 0x8946,
].concat(Array.from({ length: 16 }, (_, i) => 0x89f0 + i));
const SIOCGIFFLAGS = 0x8913;
/** Bytes of an ifreq behind the name. */
const DATA = 24;

export function networkInterface(name: string): Target {
  const open = datagrams(name, 0);
  const request = (what: number, data: Uint8Array): Call =>
    call(name, "ioctl", [register(0), number(what), bytes(ifreq(name, data))], `0x${what.toString(16)}`);
  const up = bringUp(name, name, 0);
  const down = bringUp(name, name, 0, false);
  const zeros = Buffer.alloc(DATA);
  return {
    name: `network interface ${name}`,
    first: () => [
      [open, up, request(SIOCGIFFLAGS, zeros), ...broadcast(name, name, 0, [1, 1400]), down],
      ...REQUESTS.map((what) => [open, request(what, zeros)]),
    ],
    generate: (values) => {
      const { random } = values;
      const some = Array.from({ length: 1 + random.below(6) }, () => request(random.of(REQUESTS), values.bytes(DATA)));
      const sent = random.oneIn(2) ? broadcast(name, name, 0, [random.below(1500)]) : [];
      return [open, ...(random.oneIn(2) ? [up, ...some, ...sent, down] : some)];
    },
  };
}

const TYPES = [1, 2, 3, 4, 5];

export function protocolFamily(family: bigint): Target {
  const name = `family ${family}`;
  const open = (type: number, protocol: number, to = 0): Call =>
    into(to, call(name, "socket", [number(family), number(type | SOCK_NONBLOCK), number(protocol)], String(type)));
  const made = (what: string, ...args: Call["arguments"]): Call => call(name, what, args);
  const address = (data: Buffer): Buffer => {
    if (data.length >= 2) data.writeUInt16LE(Number(family & 0xffffn), 0);
    return data;
  };
  return {
    name: `sockets of ${name}`,
    first: () =>
      TYPES.map((type) => [
        open(type, 0),
        made("bind", register(0), bytes(address(Buffer.alloc(16))), number(16)),
        made("listen", register(0), number(1)),
        made("poll", register(0), number(0x47)),
      ]),
    generate: (values) => {
      const { random } = values;
      const length = values.length();
      const where = (): [ReturnType<typeof bytes>, ReturnType<typeof number>] => {
        const data = address(values.bytes(random.of([2, 8, 16, 24, 32, 128])));
        return [bytes(data), number(data.length)];
      };
      const some: (() => Call)[] = [
        () => made("bind", register(0), ...where()),
        () => made("connect", register(0), ...where()),
        () => made("listen", register(0), number(random.below(4))),
        () => made("accept", register(0), room(128), number(0), number(SOCK_NONBLOCK)),
        () => made("sendto", register(0), bytes(values.bytes(length)), number(length), number(0x40), ...where()),
        () => made("recvfrom", register(0), room(length), number(length), number(0x40), number(0), number(0)),
        () =>
          made(
            "setsockopt",
            register(0),
            number(values.number()),
            number(random.below(32)),
            bytes(values.bytes(8)),
            number(random.of([0, 4, 8])),
          ),
        () =>
          made(
            "getsockopt",
            register(0),
            number(values.number()),
            number(random.below(32)),
            room(64),
            bytes(Buffer.from([64, 0, 0, 0])),
          ),
        () => made("shutdown", register(0), number(random.below(3))),
        () => {
          const request = values.ioctlRequest();
          return call(
            name,
            "ioctl",
            [register(0), number(request), values.ioctlArgument(request)],
            `0x${request.toString(16)}`,
          );
        },
      ];
      return [
        open(random.of(TYPES), random.oneIn(2) ? 0 : random.below(8)),
        ...Array.from({ length: 1 + random.below(8) }, () => random.of(some)()),
      ];
    },
  };
}
