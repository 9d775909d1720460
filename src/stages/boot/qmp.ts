/** QEMU's machine protocol: one JSON object a line (docs/interop/qmp-spec). */
import type { Socket } from "node:net";
import { z } from "zod";

/** Of one line; the longest answer to what is asked here has some hundred characters. */
const LONGEST = 1024 * 1024;

const message = z.looseObject({
  return: z.unknown().optional(),
  error: z.looseObject({ desc: z.string() }).optional(),
  event: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});

function messageIn(line: string): z.infer<typeof message> | undefined {
  try {
    return message.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** A client of one QEMU's monitor. It must say `qmp_capabilities` before anything else, which `execute` sees to. */
export class Qmp {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  readonly #onEvent: (name: string, data: Record<string, unknown>) => void;
  #rest = "";
  #greeted = false;

  constructor(socket: Socket, onEvent: (name: string, data: Record<string, unknown>) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on("data", (d: Buffer) => this.#read(d.toString()));
    socket.on("close", () => {
      for (const w of this.#waiting.splice(0)) w.reject(new Error("QEMU is gone"));
    });
  }

  /** Run one command; answers come in the order of the commands. Rejects with QEMU's own words. */
  async execute(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
    if (!this.#greeted) {
      this.#greeted = true;
      void this.#send("qmp_capabilities", {}).catch(() => undefined);
    }
    return this.#send(command, args);
  }

  #send(command: string, args: Record<string, unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error("QEMU is gone"));
      this.#waiting.push({ resolve, reject });
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    });
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > LONGEST) return void this.#socket.destroy();
    for (const line of lines) {
      const m = messageIn(line);
      // A module that has got out of its guest may speak here in QEMU's place.
      if (m === undefined) return void this.#socket.destroy();
      if (m.event !== undefined) this.#onEvent(m.event, m.data ?? {});
      else if (m.error !== undefined) this.#waiting.shift()?.reject(new Error(m.error.desc));
      else if ("return" in m) this.#waiting.shift()?.resolve(m.return);
    }
  }
}
