/** A repository with a base branch on the emulated GitHub, and runs that bring a port into it: where every case of a port pull request begins. */
import type { TestContext } from "node:test";
import { GitHub } from "../../src/github/client.ts";
import type { Port, PortOutcome, PullOptions } from "../../src/github/port-pr.ts";
import { keepPort } from "../../src/github/port-pr.ts";
import { textOfPlan } from "../../src/port/describe.ts";
import type { Mode, PortFile, PortFiles } from "../../src/port/files.ts";
import { portTitle, renderPortBody, renderStopped, reportFacts } from "../../src/report/port-body.ts";
import type { Report } from "../../src/report/schema.ts";
import { passing } from "./canned-reports.ts";
import { GitRepository } from "./server/git-repository.ts";
import { GitHubServer, OWNER, REPO, TOKEN } from "./server/github-server.ts";

/** A file's text, or its mode and text. */
export type Texts = Record<string, string | readonly [Mode, string | Buffer]>;

export const BRANCH = "kport/port/main/ring";
export const DRAFT: PullOptions = { draft: true, labels: [], reviewers: [], teamReviewers: [], reopen: false };

/** A first port: with an executable, a link and a file that is no text. */
export const FIRST: Texts = {
  Kbuild: "obj-m := ring.o\n",
  Makefile: "all:\n\tmake -C $(KDIR) M=$(CURDIR)\n",
  "build.sh": ["100755", "#!/bin/sh\nmake\n"],
  "latest.rs": ["120000", "src/ring.rs"],
  "logo.bin": ["100644", Buffer.from([0, 1, 2, 255])],
  "src/ring.rs": lines("fn", 40),
};

/** Numbered lines, some of them otherwise. */
export function lines(word: string, count: number, change: Record<number, string> = {}): string {
  return `${Array.from({ length: count }, (_, i) => change[i + 1] ?? `${word} ${i + 1}`).join("\n")}\n`;
}

export function portFiles(texts: Texts): PortFiles {
  return new Map(
    Object.entries(texts).map(([path, t]): [string, PortFile] => [
      path,
      typeof t === "string" ? { mode: "100644", content: Buffer.from(t) } : { mode: t[0], content: Buffer.from(t[1]) },
    ]),
  );
}

export class PortScene {
  readonly server: GitHubServer;
  readonly repository: GitRepository;
  #runs = 100;

  private constructor(server: GitHubServer, repository: GitRepository) {
    this.server = server;
    this.repository = repository;
  }

  static async set(t: TestContext): Promise<PortScene> {
    const scene = await PortScene.make();
    t.after(() => scene.remove());
    return scene;
  }

  static async make(): Promise<PortScene> {
    const server = await GitHubServer.start();
    server.repository = new GitRepository(OWNER, REPO);
    const scene = new PortScene(server, server.repository);
    scene.push("main", { README: "drivers\n", "drivers/ring/ring.c": "int ring;\n" });
    return scene;
  }

  async remove(): Promise<void> {
    await this.server.stop();
    this.repository.remove();
  }

  /** A person pushes a commit: texts, or undefined for a file that goes. Resolves with its name. */
  push(branch: string, change: Record<string, string | undefined>, author = "jo"): string {
    const old = this.repository.branch(branch);
    const tree = this.repository.writeTree(
      old,
      Object.entries(change).map(([path, content]) => ({
        path,
        mode: "100644",
        ...(content === undefined ? { sha: null } : { content }),
      })),
    );
    const commit = this.repository.commit(tree, old === undefined ? [] : [old], "Work\n", author);
    this.repository.git(["update-ref", `refs/heads/${branch}`, commit]);
    return commit;
  }

  port(texts: Texts, more: Partial<Port> & { reports?: Report[] } = {}): Port {
    const id = more.run?.id ?? ++this.#runs;
    const [base, module, reports] = [
      more.base ?? "main",
      more.module ?? "ring",
      more.reports ?? [passing(more.module)],
    ];
    return {
      module,
      files: portFiles(texts),
      base,
      folder: `rust/${module}`,
      run: { id, number: id, attempt: 1 },
      title: (plan) => portTitle(textOfPlan(plan, base)),
      render: (plan, limit) => renderPortBody(textOfPlan(plan, base), reports, limit),
      facts: reportFacts(reports),
      stopped: (why) => renderStopped(`kport/port/${base}/${module}`, why),
      ...more,
    };
  }

  github(token = TOKEN): GitHub {
    return new GitHub(token, { owner: OWNER, repo: REPO }, { baseUrl: this.server.url, second: 1, throttled: false });
  }

  /** A run, later than those before. */
  async keep(
    texts: Texts,
    options: Partial<PullOptions> = {},
    more: Parameters<PortScene["port"]>[1] = {},
  ): Promise<PortOutcome> {
    return keepPort(this.github(), this.port(texts, more), { ...DRAFT, ...options });
  }

  /** The files of a folder of a commit, with their modes where those are special. */
  files(ref: string, folder = "rust/ring"): Texts {
    const listed = this.repository
      .git(["ls-tree", "-r", "-z", `${ref}:${folder}`])
      .split("\0")
      .filter((l) => l !== "");
    return Object.fromEntries(
      listed
        .map((l) => /^(\d+) \w+ (\w+)\t([\s\S]*)$/.exec(l)!)
        .map(([, mode, sha, path]) => {
          const content = this.repository.raw(["cat-file", "blob", sha!]);
          const text = content.includes(0) ? content : content.toString();
          return [path!, mode === "100644" && typeof text === "string" ? text : [mode as Mode, text]];
        }),
    );
  }

  /** As `files`, without kport's own record. */
  portIn(ref: string): Texts {
    const { "kport-generated.json": record, ...files } = this.files(ref);
    if (record === undefined) throw new Error("no record of what was generated");
    return files;
  }

  writes(): string[] {
    return this.server.seen
      .filter(
        (s) =>
          s.method !== "GET" &&
          !(s.path === "/graphql" && !JSON.stringify(s.body).includes("updateRefs")) &&
          s.status < 300,
      )
      .map((s) => `${s.method} ${s.path.replace(`/repos/${OWNER}/${REPO}`, "")}`);
  }
}
