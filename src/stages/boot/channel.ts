/**
 * The host's side of the channel to the guest's agent (guest/agent.c): the machine's second UART, which no console is on.
 * Requests are lines; replies are lines that begin with a token the host drew for this run and sent first of all. Everything else on
 * the channel is the kernel's log, streamed record by record, or noise. A module that prints cannot make up a reply.
 */
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { KmsgLog } from "./kmsg.ts";

/** The guest did not answer in time. */
export class GuestSilent extends Error {}
/** The machine ended while an answer was awaited. */
export class GuestGone extends Error {}

/** Something of ours in the guest failed: no word about the module. */
export class HarnessFault extends Error {}

export interface Reply {
  /** 0, or the errno of what failed; an exercise's exit status. */
  status: number;
  /** The reply's lines before `done`, by their first word. */
  said: Map<string, string[]>;
}

const READY = "kport-agent-ready";
/** The most of one unfinished line that is kept; a kernel record is at most 8 KiB. */
const LONGEST_LINE = 64 * 1024;
/** Lines of replies kept for one request, and characters: an exercise's output is 5,000 lines of 8 KiB at the most (guest/agent.c). */
const [MOST_LINES, MOST_TEXT] = [20_000, 64 * 1024 * 1024];

/** A number of the guest's; 0 for what is none. Whoever has read the token out of its memory could say `1e999`, which no report can hold. */
export function numberSaid(word = ""): number {
  return /^-?\d{1,10}$/.test(word) ? Number(word) : 0;
}

export class Channel {
  readonly log = new KmsgLog();
  readonly #socket: Socket;
  readonly #token = randomBytes(16).toString("hex");
  #rest = "";
  #closed = false;
  #wake: (() => void) | undefined;
  #ready = false;
  #replies: string[] = [];
  /** Characters of them. */
  #kept = 0;
  readonly #listeners = new Map<string, (text: string) => void>();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#read(text));
    socket.on("close", () => {
      this.#closed = true;
      this.#wake?.();
    });
  }

  /** Wait until the guest's agent is there and awaits the token. Milliseconds. */
  async waitReady(timeout: number): Promise<void> {
    await this.#until(() => this.#ready, timeout);
  }

  /** Hand this run's token to the agent, which awaits it. Returns the guest's `uname -r` and its taint flags. */
  async greet(timeout: number): Promise<{ release: string; taint: number }> {
    this.#socket.write(`${this.#token}\n`);
    await this.#until(() => this.#replies.length > 0, timeout);
    const [, release = "", taint] = (this.#replies.shift() ?? "").split(" ");
    return { release, taint: numberSaid(taint) };
  }

  /**
   * Send one request and wait for its `done`; all that was logged until then is here before it.
   * @param words none is empty, or holds a blank or a line end, which would make two words or two requests of it
   * @throws GuestSilent after `timeout` milliseconds, GuestGone when the machine ended.
   */
  async request(verb: string, words: readonly string[], timeout: number): Promise<Reply> {
    if (words.some((w) => !/^[\x21-\x7e]+$/.test(w)))
      throw new Error(`${JSON.stringify(words)} is no request of the guest's agent`);
    this.#replies = [];
    this.#kept = 0;
    this.#socket.write(`${[verb, ...words].join(" ")}\n`);
    await this.#until(() => this.#replies.at(-1)?.startsWith("done ") === true, timeout);
    const said = new Map<string, string[]>();
    for (const reply of this.#replies.slice(0, -1)) {
      const space = reply.indexOf(" ");
      const key = space < 0 ? reply : reply.slice(0, space);
      const lines = said.get(key) ?? [];
      lines.push(space < 0 ? "" : reply.slice(space + 1));
      said.set(key, lines);
    }
    return { status: numberSaid(this.#replies.at(-1)?.slice("done ".length)), said };
  }

  /** Call `heard` with each word that a reply says under `key`, whichever request it answers. */
  onSaid(key: string, heard: (text: string) => void): void {
    this.#listeners.set(key, heard);
  }

  /** What the current request has said so far under `key`; for a request that was not answered. */
  partial(key: string): string[] {
    return this.#replies.filter((r) => r.startsWith(`${key} `)).map((r) => r.slice(key.length + 1));
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = (lines.pop() ?? "").slice(-LONGEST_LINE);
    for (const raw of lines) {
      const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (line.startsWith(`${this.#token} `)) {
        const reply = line.slice(this.#token.length + 1);
        const [key = "", ...words] = reply.split(" ");
        this.#listeners.get(key)?.(words.join(" "));
        // A request is done once; whoever has read the token out of the guest's memory could say so without end.
        const isDone = key === "done" && this.#replies.at(-1)?.startsWith("done ") !== true;
        if (!isDone && (this.#replies.length >= MOST_LINES || this.#kept + reply.length > MOST_TEXT)) continue;
        this.#kept += reply.length;
        this.#replies.push(reply);
      } else if (!this.log.take(line) && line === READY) this.#ready = true;
    }
    this.#wake?.();
  }

  async #until(condition: () => boolean, timeout: number): Promise<void> {
    const deadline = performance.now() + timeout;
    while (!condition()) {
      if (this.#closed) throw new GuestGone();
      const left = deadline - performance.now();
      if (left <= 0) throw new GuestSilent();
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, Math.min(left, 2 ** 31 - 1));
      this.#wake = resolve;
      await promise;
      clearTimeout(timer);
      this.#wake = undefined;
    }
  }
}
