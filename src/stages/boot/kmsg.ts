/** Records of /dev/kmsg (Documentation/ABI/testing/dev-kmsg): `prefix,sequence,microseconds,flags[,…];text`, dictionary lines begin with a space. */

export interface KmsgRecord {
  sequence: number;
  /** 0 to 7, as in `KERN_ERR`. */
  level: number;
  /** Whether the kernel itself said it; what user space writes to /dev/kmsg has a facility, which printk cannot give. */
  fromKernel: boolean;
  text: string;
}

/** One record's first line, or undefined for anything else. */
export function parseKmsg(line: string): KmsgRecord | undefined {
  const m = /^(\d{1,4}),(\d{1,15}),\d+,[^;]*;(.*)$/s.exec(line);
  if (m === null) return undefined;
  const prefix = Number(m[1]);
  return { sequence: Number(m[2]), level: prefix & 7, fromKernel: prefix >> 3 === 0, text: unescape(m[3] ?? "") };
}

/** The kernel writes bytes that are not printable ASCII, and the backslash, as \xNN; a newline within a record becomes several lines here. */
function unescape(text: string): string {
  if (!text.includes("\\x")) return text;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const hex = /^\\x([0-9a-f]{2})/.exec(text.slice(i, i + 4))?.[1];
    if (hex === undefined) bytes.push(text.charCodeAt(i) & 0xff);
    else {
      bytes.push(Number.parseInt(hex, 16));
      i += 3;
    }
  }
  return Buffer.from(bytes).toString("utf8");
}

/** Lines kept, of which a record may have a thousand; a module may print without end, and so may a program of its exercise, which writes to /dev/kmsg: neither crowds out the other. */
const MOST_LINES = 20_000;
/** Characters of either's text. */
const MOST_TEXT = 32 * 1024 * 1024;
/** What the agent marks phases with (guest/agent.c); a run has a handful. */
const MARK = "kport-mark";
const MOST_MARKS = 1000;

/** The log as it is streamed: records again and again where the guest's reader had to start anew, in order, with gaps where some were overwritten. */
export class KmsgLog {
  readonly records: KmsgRecord[] = [];
  /** Records that were overwritten before they could be read, or were too many. */
  lost = 0;
  #last: number | undefined;
  readonly #kept = { kernel: { lines: 0, text: 0 }, user: { lines: 0, text: 0 }, marks: { lines: 0, text: 0 } };

  /** Take one line of the stream; true when it was a record. */
  take(line: string): boolean {
    const record = parseKmsg(line);
    if (record === undefined) return false;
    if (this.#last !== undefined && record.sequence <= this.#last) return true;
    if (this.#last !== undefined) this.lost += record.sequence - this.#last - 1;
    this.#last = record.sequence;
    const isMark = !record.fromKernel && record.text.startsWith(MARK);
    const kept = this.#kept[record.fromKernel ? "kernel" : isMark ? "marks" : "user"];
    const lines = record.text.split("\n").length;
    if (kept.lines + lines > (isMark ? MOST_MARKS : MOST_LINES) || kept.text + record.text.length > MOST_TEXT) {
      this.lost++;
      return true;
    }
    kept.lines += lines;
    kept.text += record.text.length;
    this.records.push(record);
    return true;
  }
}
