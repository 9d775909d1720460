/**
 * GitHub as the tests see it: a stateful emulator of its API behind a proxy that checks every request against GitHub's own OpenAPI description and
 * closes the emulator's gaps, and the results service beside it. All on the loopback interface.
 */
import { readFile } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import type { Emulator } from "emulate";
import { createEmulator } from "emulate";
import type { Document } from "openapi-backend";
import { OpenAPIBackend } from "openapi-backend";
import type { GitRepository, Reply } from "./git-repository.ts";
import { ResultsService } from "./results-service.ts";

export interface Account {
  login: string;
  /** What `permissions:` of the workflow gave its token. */
  may: "read" | "write";
}

export interface Seen {
  method: string;
  path: string;
  status: number;
  body: unknown;
}

/** Answers in GitHub's stead, or resolves with undefined to let the request through. */
export type Fault = (seen: {
  method: string;
  path: string;
}) => FaultAnswer | undefined | Promise<FaultAnswer | undefined>;
export interface FaultAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Do what was asked first, then answer so: a reply that got lost. */
  after?: boolean;
}

export const OWNER = "acme";
export const REPO = "drivers";
/** What a workflow's own token looks like to GitHub, and who writes with it. */
export const TOKEN = "ghs_writes000000000000000000000000000000";
export const READ_ONLY_TOKEN = "ghs_reads0000000000000000000000000000000";
const SETUP_TOKEN = "ghp_setup0000000000000000000000000000000";
const OTHER_TOKEN = "ghp_other0000000000000000000000000000000";

const ACCOUNTS: Record<string, Account> = {
  [TOKEN]: { login: "github-actions[bot]", may: "write" },
  [READ_ONLY_TOKEN]: { login: "github-actions[bot]", may: "read" },
  [SETUP_TOKEN]: { login: OWNER, may: "write" },
  [OTHER_TOKEN]: { login: "mallory", may: "write" },
};

/** GitHub's limits that its OpenAPI does not state. */
const BODY_LIMIT = 65_536;

interface Pull {
  number: number;
  headSha: string;
  baseSha: string;
  headOwner: string;
  headBranch: string;
}

export class GitHubServer {
  readonly results: ResultsService;
  /** Every API request, in order. */
  readonly seen: Seen[] = [];
  /** Requests that GitHub would refuse by its description; a test that ends with one has found a defect. */
  readonly invalid: string[] = [];
  fault: Fault | undefined;
  /** Answers what is asked about objects and branches; pull requests are then of its branches. */
  repository: GitRepository | undefined;
  /** The repository's setting, and what its plan has. */
  readonly allows = { actionsToOpenPulls: true, drafts: true };
  readonly #emulator: Emulator;
  readonly #api: OpenAPIBackend;
  readonly #server = createServer((request, response) => void this.#handle(request, response));
  readonly #pulls = new Map<number, Pull>();
  /** When each was merged: the emulator would merge its own commits. */
  readonly #merged = new Map<number, string>();
  /** The commit of each check run: the emulator lists those of its own commits only. */
  readonly #checkRuns = new Map<number, string>();
  readonly #annotations = new Map<number, unknown[]>();

  private constructor(emulator: Emulator, api: OpenAPIBackend) {
    this.#emulator = emulator;
    this.#api = api;
    this.results = new ResultsService(() => this.url);
  }

  static async start(): Promise<GitHubServer> {
    const tokens = Object.fromEntries(
      Object.entries(ACCOUNTS).map(([token, { login }]) => [token, { login, scopes: ["repo"] }]),
    );
    const users = [...new Set(Object.values(ACCOUNTS).map((a) => a.login))].map((login) => ({ login }));
    const emulator = await createEmulator({
      service: "github",
      port: 0,
      seed: { tokens, github: { users, repos: [{ owner: OWNER, name: REPO }] } },
    });
    const definition = JSON.parse(await readFile(path.join(import.meta.dirname, "openapi.json"), "utf8")) as Document;
    const api = new OpenAPIBackend({
      definition,
      quick: true,
      coerceTypes: true,
      ajvOpts: { strict: false, formats: { "repo.nwo": true, "date-time": true, uri: true, int64: true } },
    });
    await api.init();
    const server = new GitHubServer(emulator, api);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#emulator.close();
  }

  /** Open a pull request whose head and base are commits of a real repository, which the emulator knows nothing of. */
  async openPull(pull: { headSha: string; baseSha: string; fork?: boolean; branch?: string }): Promise<Pull> {
    const branch = pull.branch ?? `topic-${this.#pulls.size + 1}`;
    const { number } = (await this.as(SETUP_TOKEN, "POST", `/repos/${OWNER}/${REPO}/pulls`, {
      title: "Change the driver",
      head: branch,
      base: "main",
    })) as { number: number };
    const opened = {
      number,
      headSha: pull.headSha,
      baseSha: pull.baseSha,
      headOwner: pull.fork ? "mallory" : OWNER,
      headBranch: branch,
    };
    this.#pulls.set(number, opened);
    return opened;
  }

  /** Someone pushed. */
  movePull(number: number, headSha: string): void {
    this.#pulls.get(number)!.headSha = headSha;
  }

  async comments(pull: number): Promise<{ id: number; body: string; user: { login: string } }[]> {
    const all: { id: number; body: string; user: { login: string } }[] = [];
    for (let page = 1; ; page++) {
      const some = (await this.as(
        SETUP_TOKEN,
        "GET",
        `/repos/${OWNER}/${REPO}/issues/${pull}/comments?per_page=100&page=${page}`,
      )) as typeof all;
      all.push(...some);
      if (some.length < 100) return all;
    }
  }

  async comment(pull: number, body: string, by: "workflow" | "stranger"): Promise<number> {
    const { id } = (await this.as(
      by === "workflow" ? TOKEN : OTHER_TOKEN,
      "POST",
      `/repos/${OWNER}/${REPO}/issues/${pull}/comments`,
      { body },
    )) as { id: number };
    return id;
  }

  async checkRuns(sha: string): Promise<
    {
      id: number;
      name: string;
      conclusion: string;
      output: { title: string; summary: string };
      annotations: unknown[];
    }[]
  > {
    const ids = [...this.#checkRuns].filter(([, of]) => of === sha).map(([id]) => id);
    const runs = await Promise.all(
      ids.map((id) => this.as(SETUP_TOKEN, "GET", `/repos/${OWNER}/${REPO}/check-runs/${id}`)),
    );
    return runs.map((run, i) => ({
      ...(run as { id: number; name: string; conclusion: string; output: { title: string; summary: string } }),
      annotations: this.#annotations.get(ids[i]!) ?? [],
    }));
  }

  /** Straight to the emulator, past the proxy. */
  async as(token: string, method: string, route: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#emulator.url}${route}`, {
      method,
      headers: { authorization: `token ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    try {
      if (await this.results.handle(request, response, url)) return;
      const raw = (await buffer(request)).toString();
      const body: unknown = raw === "" ? undefined : JSON.parse(raw);
      const method = request.method ?? "GET";
      const fault = await this.fault?.({ method, path: url.pathname });
      const answer =
        fault && !fault.after
          ? { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? { message: "fault" } }
          : await this.#answer(request, method, url, body);
      const sent = fault?.after
        ? { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? { message: "fault" } }
        : answer;
      this.seen.push({ method, path: url.pathname, status: sent.status, body });
      response
        .writeHead(sent.status, { "content-type": "application/json", ...sent.headers })
        .end(Buffer.isBuffer(sent.body) ? sent.body : sent.status === 204 ? undefined : JSON.stringify(sent.body));
    } catch (error) {
      this.invalid.push(`${request.method} ${url.pathname}: ${String(error)}`);
      response.writeHead(500).end();
    }
  }

  async #answer(
    request: IncomingMessage,
    method: string,
    url: URL,
    body: unknown,
  ): Promise<{ status: number; headers: Record<string, string>; body: unknown }> {
    const reply = (status: number, value: unknown, headers: Record<string, string> = {}) => ({
      status,
      headers,
      body: value,
    });
    const account = ACCOUNTS[request.headers.authorization?.replace(/^(token|bearer) /i, "") ?? ""];
    if (!account) return reply(401, { message: "Bad credentials" });
    if (url.pathname === "/graphql")
      return reply(200, await this.#graphql(body as { query: string; variables?: Record<string, string> }, account));

    const asked = {
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body,
      headers: request.headers as Record<string, string>,
    };
    const operation = this.#api.matchOperation(asked);
    if (!operation) {
      this.invalid.push(`${method} ${url.pathname}: GitHub has no such operation, or openapi.json lacks it`);
      return reply(404, { message: "Not Found" });
    }
    const { errors } = this.#api.validateRequest(asked, operation);
    if (errors) {
      this.invalid.push(`${operation.operationId}: ${errors.map((e) => `${e.instancePath} ${e.message}`).join(", ")}`);
      return reply(422, { message: "Validation Failed", errors });
    }
    if (method !== "GET" && account.may === "read")
      return reply(403, { message: "Resource not accessible by integration" });
    const refusal = overLimit(body);
    if (refusal) return reply(422, { message: "Validation Failed", errors: [refusal] });
    const closed =
      this.#closeGap(operation.operationId ?? "", url) ??
      this.repository?.answer(operation.operationId ?? "", url, body, account.login) ??
      (await this.#refusePull(operation.operationId ?? "", url, body));
    if (closed) return closed;
    return this.#forward(method, url, this.#appendAnnotations(operation.operationId ?? "", url, body), request.headers);
  }

  /** What the emulator lacks altogether: the artifacts of the runs that the tests started. */
  #closeGap(
    operation: string,
    url: URL,
  ): { status: number; headers: Record<string, string>; body: unknown } | undefined {
    if (operation === "actions/list-workflow-run-artifacts") {
      const run = Number(/runs\/(\d+)\//.exec(url.pathname)![1]);
      const artifacts = this.results
        .artifactsOf(run)
        .map((a) => ({ id: a.id, name: a.name, size_in_bytes: a.bytes.length, expired: false }));
      return { status: 200, headers: {}, body: { total_count: artifacts.length, artifacts } };
    }
    if (operation === "actions/download-artifact") {
      const artifact = this.results.artifacts.find((a) => a.id === Number(/artifacts\/(\d+)\//.exec(url.pathname)![1]));
      if (!artifact) return { status: 404, headers: {}, body: { message: "Not Found" } };
      return {
        status: 302,
        headers: { location: `${this.url}/blobs/store/artifact-${artifact.id}?sig=secret` },
        body: {},
      };
    }
    return undefined;
  }

  /** GraphQL knows two things here: who asks, and deleting a branch that is still what one thinks it is. */
  async #graphql(
    { query, variables }: { query: string; variables?: Record<string, string> },
    account: Account,
  ): Promise<unknown> {
    if (!query.includes("updateRefs")) return { data: { viewer: { login: account.login } } };
    if (account.may === "read" || !this.repository)
      return { errors: [{ type: "FORBIDDEN", message: "Resource not accessible by integration" }] };
    const answer = this.repository.updateRefs(variables as { name: string; beforeOid: string; afterOid: string });
    if (answer.data) await this.#closePullsOf(variables!["name"]!.replace("refs/heads/", ""));
    return answer;
  }

  /** GitHub closes the pull requests of a branch that is deleted. */
  async #closePullsOf(branch: string): Promise<void> {
    for (const p of await this.pulls())
      if (p.state === "open" && this.#pulls.get(p.number)?.headBranch === branch) await this.closePull(p.number);
  }

  /** What GitHub refuses of pull requests between real branches, which the emulator would take. */
  async #refusePull(operation: string, url: URL, body: unknown): Promise<Reply | undefined> {
    const refuse = (status: number, message: string): Reply => ({ status, headers: {}, body: { message } });
    if (!this.repository) return undefined;
    if (operation === "pulls/update") {
      const { headBranch, headSha } = this.#pulls.get(Number(url.pathname.split("/").at(-1)))!;
      const follows =
        this.repository.ask("merge-base", "--is-ancestor", headSha, `refs/heads/${headBranch}`) !== undefined;
      return (body as { state?: string }).state === "open" && !follows
        ? refuse(422, "Validation Failed: state cannot be changed. The branch was force-pushed or recreated.")
        : undefined;
    }
    if (operation !== "pulls/create") return undefined;
    const { head, base, draft } = body as { head: string; base: string; draft?: boolean };
    if (!this.allows.actionsToOpenPulls)
      return refuse(403, "GitHub Actions is not permitted to create or approve pull requests.");
    if (draft && !this.allows.drafts) return refuse(422, "Draft pull requests are not supported in this repository.");
    const [from, to] = [this.repository.branch(head), this.repository.branch(base)];
    if (from === undefined || to === undefined) return refuse(422, "Validation Failed: head or base is invalid");
    if (this.repository.git(["rev-list", "--count", `${to}..${from}`]) === "0")
      return refuse(422, `Validation Failed: No commits between ${base} and ${head}`);
    const open = (await this.pulls()).some(
      (p) => p.state === "open" && this.#pulls.get(p.number)?.headBranch === head && p.base.ref === base,
    );
    return open ? refuse(422, `Validation Failed: A pull request already exists for ${OWNER}:${head}.`) : undefined;
  }

  /** All pull requests, as the API shows them. */
  async pulls(): Promise<
    {
      number: number;
      state: string;
      draft: boolean;
      title: string;
      body: string;
      base: { ref: string };
      head: { ref: string; sha: string };
      merged_at: string | null;
      requested_reviewers: { login: string }[];
    }[]
  > {
    const route = `/repos/${OWNER}/${REPO}/pulls`;
    const all = await this.as(SETUP_TOKEN, "GET", `${route}?state=all&per_page=100`);
    return this.#withRealCommits(route, new URLSearchParams(), all) as Awaited<ReturnType<GitHubServer["pulls"]>>;
  }

  async labelsOf(pull: number): Promise<string[]> {
    const labels = await this.as(SETUP_TOKEN, "GET", `/repos/${OWNER}/${REPO}/issues/${pull}/labels`);
    return (labels as { name: string }[]).map((l) => l.name);
  }

  /** A person closes, or changes, a pull request. */
  async closePull(pull: number, change: object = { state: "closed" }): Promise<void> {
    await this.as(SETUP_TOKEN, "PATCH", `/repos/${OWNER}/${REPO}/pulls/${pull}`, change);
  }

  /** A person merges one. */
  async mergePull(number: number, how: "merge" | "squash" = "merge"): Promise<void> {
    const repository = this.repository!;
    const pull = (await this.pulls()).find((p) => p.number === number)!;
    const [base, head] = [repository.branch(pull.base.ref)!, repository.branch(pull.head.ref)!];
    const tree = repository.git(["merge-tree", "--write-tree", base, head]);
    repository.git([
      "update-ref",
      `refs/heads/${pull.base.ref}`,
      repository.commit(tree, how === "merge" ? [base, head] : [base], "Merge"),
    ]);
    this.#merged.set(number, "2026-01-01T00:00:00Z");
    await this.closePull(number);
  }

  /** GitHub adds an update's annotations to those a check run has; the emulator replaces them. */
  #appendAnnotations(operation: string, url: URL, body: unknown): unknown {
    if (operation !== "checks/update") return body;
    const id = Number(url.pathname.split("/").at(-1));
    const update = body as { output?: { annotations?: unknown[] } };
    const all = [...(this.#annotations.get(id) ?? []), ...(update.output?.annotations ?? [])];
    this.#annotations.set(id, all);
    return { ...update, output: { ...update.output, annotations: all } };
  }

  async #forward(
    method: string,
    url: URL,
    body: unknown,
    headers: IncomingHttpHeaders,
  ): Promise<{ status: number; headers: Record<string, string>; body: unknown }> {
    // The emulator knows no branch of a fork: #withRealCommits filters by head.
    const query = new URLSearchParams(url.searchParams);
    if (url.pathname.endsWith("/pulls")) query.delete("head");
    const response = await fetch(`${this.#emulator.url}${url.pathname}?${query.toString()}`, {
      method,
      headers: { authorization: headers.authorization!, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const value: unknown = text === "" ? undefined : JSON.parse(text);
    const link = response.headers.get("link");
    if (method === "POST" && url.pathname.endsWith("/check-runs") && response.status === 201) {
      const { id } = value as { id: number };
      const asked = body as { head_sha: string; output?: { annotations?: unknown[] } };
      this.#checkRuns.set(id, asked.head_sha);
      this.#annotations.set(id, asked.output?.annotations ?? []);
    }
    if (method === "POST" && url.pathname.endsWith("/pulls") && response.status === 201) {
      const { head } = body as { head: string };
      this.#pulls.set((value as { number: number }).number, {
        number: (value as { number: number }).number,
        headSha: "",
        baseSha: "",
        headOwner: OWNER,
        headBranch: head,
      });
    }
    return {
      status: response.status,
      headers: link ? { link: link.replaceAll(this.#emulator.url, this.url) } : {},
      body: this.#withRealCommits(url.pathname, url.searchParams, value),
    };
  }

  /** Pull requests with the commits of the test's real repository, filtered by `head` as GitHub does. */
  #withRealCommits(route: string, query: URLSearchParams, value: unknown): unknown {
    if (!/\/pulls(\/\d+)?$/.test(route)) return value;
    const real = (p: { number: number; state: string; head: object; base: object }) => {
      const known = this.#pulls.get(p.number);
      if (known && this.repository) {
        if (p.state === "open") known.headSha = this.repository.branch(known.headBranch) ?? known.headSha;
        return { ...p, merged_at: this.#merged.get(p.number) ?? null, head: { ...p.head, sha: known.headSha } };
      }
      return known === undefined
        ? p
        : {
            ...p,
            head: { ...p.head, sha: known.headSha, ref: known.headBranch },
            base: { ...p.base, sha: known.baseSha },
          };
    };
    if (!Array.isArray(value)) return real(value as Parameters<typeof real>[0]);
    const head = query.get("head");
    return value
      .filter((p: { number: number }) => {
        const known = this.#pulls.get(p.number);
        return head === null || (known && head === `${known.headOwner}:${known.headBranch}`);
      })
      .map(real);
  }
}

/** A field over a limit that GitHub enforces and its description does not say. */
function overLimit(body: unknown): string | undefined {
  const { body: text, output } = (body ?? {}) as { body?: string; output?: { summary?: string; title?: string } };
  if (typeof text === "string" && [...text].length > BODY_LIMIT)
    return `body is too long (maximum is ${BODY_LIMIT} characters)`;
  if (output?.summary !== undefined && Buffer.byteLength(output.summary) > BODY_LIMIT - 1)
    return `summary exceeds a maximum bytesize of ${BODY_LIMIT - 1}`;
  return undefined;
}
