/**
 * Makes openapi.json, the requests of GitHub's REST API that kport sends, out of GitHub's whole description (400 MB as the npm package
 * @octokit/openapi, which is why the cut is committed and the package is no dependency):
 *   npm pack @octokit/openapi@23.0.2, unpack, node test/e2e/server/cut-openapi.ts package/generated/api.github.com.json
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const OPERATIONS =
  /^(issues\/(list-comments|create-comment|get-comment|update-comment|delete-comment|create|update|get|list-for-repo|add-labels)|checks\/(create|update|get|list-for-ref|list-annotations)|pulls\/(get|list|create|update|request-reviewers)|git\/[a-z-]+|actions\/(list-workflow-run-artifacts|download-artifact)|repos\/(get|get-branch|list-commits|get-commit|compare-commits-with-basehead)|users\/get-authenticated)$/;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Tree = { [key: string]: Json };

/** Replaces every `$ref` by what it names, and drops what only people read. */
function resolved(node: Json, root: Tree): Json {
  if (Array.isArray(node)) return node.map((n) => resolved(n, root));
  if (node === null || typeof node !== "object") return node;
  if (typeof node["$ref"] === "string") {
    const target = node["$ref"]
      .slice(2)
      .split("/")
      .reduce<Json>((at, key) => (at as Tree)[key]!, root);
    return resolved(target, root);
  }
  const dropped = new Set(["example", "examples", "externalDocs", "x-github"]);
  // ajv knows "nullable" only beside "type"; GitHub has it beside "oneOf" too, of members that kport does not send.
  if (!("type" in node)) dropped.add("nullable");
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !dropped.has(key) && !(key === "description" && typeof value === "string"))
      .map(([key, value]) => [key, resolved(value, root)]),
  );
}

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error("usage: node cut-openapi.ts api.github.com.json");
const whole = JSON.parse(await readFile(source, "utf8")) as { info: Tree; paths: Record<string, Record<string, Tree>> };
const paths: Record<string, Record<string, Json>> = {};
for (const [route, methods] of Object.entries(whole.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    if (!OPERATIONS.test(String(operation["operationId"]))) continue;
    const { operationId, parameters, requestBody } = operation;
    paths[route] ??= {};
    paths[route][method] = {
      operationId: operationId!,
      ...(parameters ? { parameters: resolved(parameters, whole as unknown as Tree) } : {}),
      ...(requestBody ? { requestBody: resolved(requestBody, whole as unknown as Tree) } : {}),
      responses: { default: { description: "" } },
    };
  }
}
const cut = {
  openapi: "3.0.3",
  info: {
    title: "GitHub's REST API: the requests kport sends",
    version: String(whole.info["version"]),
    license: { name: "MIT" },
  },
  paths,
};
await writeFile(path.join(import.meta.dirname, "openapi.json"), `${JSON.stringify(cut, null, 1)}\n`);
