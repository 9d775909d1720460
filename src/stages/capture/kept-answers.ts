/**
 * What clang has answered an earlier build of a module when kbuild asked which options it knows: some thirty times, one after another, each by
 * a compilation of `/dev/null` of which nothing but the status is looked at. What such a command names is read of no unit, so an answer holds
 * as long as a unit's object does that did not change (kept-objects.ts), and is kept where those are.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { contentKey } from "../../machine/cache.ts";
import { log } from "../../machine/log.ts";
import { keepResult, keptResult } from "../../machine/result-store.ts";
import { shellQuote } from "../../machine/tool-failure.ts";
import { readUntrusted } from "../../machine/untrusted-folder.ts";

/** What the stand-in takes: a part of its script that ends it where there is an answer, and the flags that clang refused when it was asked. */
export const [ANSWERS, REFUSED] = ["answers", "refused"] as const;
/** What it notes of this build: questions that clang has answered by yes, one a line, and flags that it refused. */
export const [ANSWERED, REFUSED_NOW] = ["answered", "refused"] as const;
/** Stands between the words of a question. */
export const BETWEEN = "\u0001";

const [KIND, FORMAT] = ["c-answers", "c-answers 1"];
const LARGEST_NOTE = 1024 * 1024;

interface Answers {
  asked: string[];
  refused: string[];
}

export class KeptAnswers {
  private readonly key: string;
  private readonly folders: { kept: string; noted: string; workDir: string };
  private before: Answers = { asked: [], refused: [] };

  /**
   * @param key of all but the question that an answer depends on
   * @param folders where the stand-in looks, where the build writes, and this run's
   */
  constructor(key: string, folders: { kept: string; noted: string; workDir: string }) {
    this.key = contentKey([FORMAT, key]);
    this.folders = folders;
  }

  /** Lay the answers where the stand-in looks for them. */
  async offer(): Promise<void> {
    const { kept, workDir } = this.folders;
    this.before = (await keptResult<Answers>(KIND, this.key, workDir))?.value ?? this.before;
    const { asked, refused } = this.before;
    if (asked.length === 0) return;
    // kbuild removes the object without a look at it.
    const patterns = asked.map((a) => shellQuote([a])).join("|\\\n");
    await writeFile(path.join(kept, ANSWERS), `case $asked in\n${patterns}) true >"$object" && exit ;;\nesac\n`);
    await writeFile(path.join(kept, REFUSED), refused.map((f) => `${f}\n`).join(""));
  }

  /** Keep what was answered now with what was before. */
  async keep(): Promise<void> {
    const [asked, refused] = await Promise.all([this.noted(ANSWERED), this.noted(REFUSED_NOW)]);
    const all = {
      asked: [...new Set([...this.before.asked, ...asked.filter(isPlainQuestion)])],
      refused: [...new Set([...this.before.refused, ...refused.filter((f) => f.startsWith("-"))])],
    };
    log.debug(`${all.asked.length} answers of clang's are kept, ${asked.length} of them new`);
    if (all.asked.length > this.before.asked.length) await keepResult(KIND, this.key, this.folders.workDir, all);
  }

  /** The build may have written there what it likes. */
  private async noted(name: string): Promise<string[]> {
    const { noted } = this.folders;
    const text = await readUntrusted(path.dirname(noted), path.join(path.basename(noted), name), LARGEST_NOTE).catch(
      () => "",
    );
    return text
      .toString()
      .split("\n")
      .filter((l) => l !== "");
  }
}

/** Flags that have clang read or write another file. */
const OTHER = /^-(?:[IiMBF]|W[apl],|X|gsplit|save|fplugin|-(?!param=|target=))|profile|coverage|usage|serialize|list=/;

/** Whether a question is one of kbuild's, and names no file that may be another one the next time. */
function isPlainQuestion(question: string): boolean {
  const words = question.split(BETWEEN);
  const [flags, last] = [words.slice(0, -6), words.slice(-6)];
  return (
    last.join(" ") === "-c -x c /dev/null -o " && flags.every((f) => f.startsWith("-") && f !== "-" && !OTHER.test(f))
  );
}
