/**
 * What runners know as the results service: artifacts and caches as @actions/artifact and @actions/cache speak to it (Twirp in JSON, and
 * Azure's block blobs for the content). Stateful, in memory. act's own artifact server refuses current @actions/artifact.
 */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

interface Stored {
  id: number;
  run: string;
  name: string;
  bytes: Buffer;
  done: boolean;
}

export class ResultsService {
  readonly artifacts: Stored[] = [];
  readonly caches: { id: number; key: string; version: string; bytes: Buffer; done: boolean }[] = [];
  /** Requests that fail with this status while it is set. */
  failing: number | undefined;
  readonly #origin: () => string;
  readonly #blocks = new Map<string, Map<string, Buffer>>();
  #next = 1;

  constructor(origin: () => string) {
    this.#origin = origin;
  }

  /** As the runner hands it out: unsigned here, with the two ids that @actions/artifact reads from it. */
  static runtimeToken(run: number): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part({ alg: "none" })}.${part({ scp: `Actions.Results:run-${run}:job-${run}` })}.`;
  }

  artifactsOf(run: number): Stored[] {
    return this.artifacts.filter((a) => a.run === `run-${run}` && a.done);
  }

  /** Put an artifact there without a client: a hostile one, for example. */
  plant(run: number, name: string, bytes: Buffer): void {
    this.artifacts.push({ id: this.#next++, run: `run-${run}`, name, bytes, done: true });
  }

  /** Resolves with false when the request is not one for this service. */
  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
    const twirp = /^\/twirp\/github\.actions\.results\.api\.v1\.(\w+)\/(\w+)$/.exec(url.pathname);
    const blob = /^\/blobs\/store\/(artifact|cache)-(\d+)$/.exec(url.pathname);
    if (!twirp && !blob) return false;
    const body = await buffer(request);
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (this.failing !== undefined) json(this.failing, { code: "unavailable", msg: "the service is down" });
    else if (blob) this.#blob(request, response, url, blob[1]!, Number(blob[2]), body);
    else if (!request.headers.authorization?.startsWith("Bearer "))
      json(401, { code: "unauthenticated", msg: "no runtime token" });
    else {
      const answer = this.#call(twirp![2]!, JSON.parse(body.toString()) as Record<string, string>);
      json(answer === undefined ? 404 : 200, answer ?? { code: "bad_route", msg: url.pathname });
    }
    return true;
  }

  #call(method: string, args: Record<string, string>): object | undefined {
    const signed = (kind: string, id: number) => `${this.#origin()}/blobs/store/${kind}-${id}?sig=secret`;
    const run = args["workflow_run_backend_id"] ?? "";
    switch (method) {
      case "CreateArtifact": {
        if (this.artifacts.some((a) => a.run === run && a.name === args["name"])) return { ok: false };
        const stored = { id: this.#next++, run, name: args["name"]!, bytes: Buffer.alloc(0), done: false };
        this.artifacts.push(stored);
        return { ok: true, signed_upload_url: signed("artifact", stored.id) };
      }
      case "FinalizeArtifact": {
        const stored = this.artifacts.find((a) => a.run === run && a.name === args["name"] && !a.done);
        if (!stored || Number(args["size"]) !== stored.bytes.length) return { ok: false };
        stored.done = true;
        return { ok: true, artifact_id: String(stored.id) };
      }
      case "CreateCacheEntry": {
        if (this.caches.some((c) => c.key === args["key"] && c.version === args["version"])) return { ok: false };
        const entry = {
          id: this.#next++,
          key: args["key"]!,
          version: args["version"]!,
          bytes: Buffer.alloc(0),
          done: false,
        };
        this.caches.push(entry);
        return { ok: true, signed_upload_url: signed("cache", entry.id) };
      }
      case "FinalizeCacheEntryUpload": {
        const entry = this.caches.find((c) => c.key === args["key"] && c.version === args["version"]);
        if (entry) entry.done = true;
        return { ok: entry !== undefined, entry_id: String(entry?.id ?? 0) };
      }
      case "GetCacheEntryDownloadURL": {
        const keys = [args["key"]!, ...((args["restore_keys"] as unknown as string[] | undefined) ?? [])];
        const ready = this.caches.filter((c) => c.done && c.version === args["version"]);
        const entry =
          ready.find((c) => c.key === keys[0]) ??
          keys.slice(1).flatMap((k) => ready.filter((c) => c.key.startsWith(k)).reverse())[0];
        return entry
          ? { ok: true, signed_download_url: signed("cache", entry.id), matched_key: entry.key }
          : { ok: false };
      }
      default:
        return undefined;
    }
  }

  #blob(request: IncomingMessage, response: ServerResponse, url: URL, kind: string, id: number, body: Buffer): void {
    const store = (kind === "artifact" ? this.artifacts : this.caches).find((s) => s.id === id);
    if (!store) return void response.writeHead(404).end();
    const headers = {
      etag: `"${id}"`,
      "last-modified": new Date().toUTCString(),
      "x-ms-request-id": "1",
      "x-ms-version": "2025-01-01",
    };
    if (request.method === "PUT") {
      const blocks = this.#blocks.get(url.pathname) ?? new Map<string, Buffer>();
      this.#blocks.set(url.pathname, blocks);
      const part = url.searchParams.get("comp");
      if (part === "block") blocks.set(url.searchParams.get("blockid")!, body);
      else if (part === "blocklist")
        store.bytes = Buffer.concat(
          [...body.toString().matchAll(/<Latest>([^<]*)<\/Latest>/g)].map((m) => blocks.get(m[1]!) ?? Buffer.alloc(0)),
        );
      else store.bytes = body;
      return void response.writeHead(201, headers).end();
    }
    const range = /bytes=(\d+)-(\d+)/.exec(String(request.headers["x-ms-range"] ?? request.headers.range ?? ""));
    const [from, to] = range
      ? [Number(range[1]), Math.min(Number(range[2]), store.bytes.length - 1)]
      : [0, store.bytes.length - 1];
    const content = store.bytes.subarray(from, to + 1);
    const described = {
      ...headers,
      "content-type": kind === "artifact" ? "application/zip" : "application/octet-stream",
      "content-length": String(content.length),
      "content-md5": createHash("md5").update(content).digest("base64"),
      "x-ms-blob-type": "BlockBlob",
      "accept-ranges": "bytes",
    };
    response
      .writeHead(
        range ? 206 : 200,
        range ? { ...described, "content-range": `bytes ${from}-${to}/${store.bytes.length}` } : described,
      )
      .end(request.method === "HEAD" ? undefined : content);
  }
}
