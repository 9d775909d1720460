/** Types of keys (Documentation/security/keys/core.rst). */
import { bytes, type Call, call, into, number, register, room } from "../calls.ts";
import type { Target } from "./target.ts";

/** KEY_SPEC_PROCESS_KEYRING, and of keyctl(2): KEYCTL_UPDATE, KEYCTL_DESCRIBE, KEYCTL_READ, KEYCTL_REVOKE. */
const PROCESS_KEYRING = -2;
const [UPDATE, DESCRIBE, READ, REVOKE] = [2, 6, 11, 3];

export function keyType(type: string): Target {
  const add = (payload: Uint8Array): Call =>
    into(
      0,
      call(type, "add_key", [
        bytes(type),
        bytes("kport:a key"),
        bytes(payload),
        number(payload.length),
        number(PROCESS_KEYRING),
      ]),
    );
  const control = (what: number, ...args: Call["arguments"]): Call =>
    call(type, "keyctl", [number(what), register(0), ...args], String(what));
  const look = [READ, DESCRIBE].map((what) => control(what, room(512), number(512)));
  return {
    name: `keys of type ${type}`,
    first: () => [[add(Buffer.from("a payload")), ...look, control(REVOKE), ...look]],
    generate: (values) => {
      const payload = (): Buffer =>
        values.random.oneIn(2) ? Buffer.from(values.text(), "latin1") : values.bytes(values.length());
      const update = payload();
      return [add(payload()), ...look, control(UPDATE, bytes(update), number(update.length)), ...look];
    },
  };
}
