/** The inputs of both actions: one zod schema each, shared field by field, checked against action.yml in a test. */
import { getInput, setSecret } from "@actions/core";
import { z } from "zod";
import { UserError } from "../machine/errors.ts";
import { moduleName } from "../port/files.ts";
import { FAIL_ON } from "../report/fail-on.ts";
import { isPercent } from "../report/proofs.ts";
import { isFuzzTime, MOST_SECONDS } from "./fuzz-time.ts";

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/** One a line or separated by commas; blanks around them do not count. */
const list = z.string().transform((text) => [
  ...new Set(
    text
      .split(/[\n,]/)
      .map((s) => s.trim())
      .filter((s) => s !== ""),
  ),
]);

/** YAML 1.2's booleans, which is what `core.getBooleanInput` takes too. */
const yesNo = z.string().transform((text, ctx) => {
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  ctx.addIssue({ code: "custom", message: "write true or false" });
  return z.NEVER;
});

/** Nothing, or a share. */
const percent = z
  .string()
  .refine((text) => text === "" || isPercent(text), "write a number from 0 to 100")
  .transform((text) => (text === "" ? undefined : Number(text)));

/** Nothing, or how long. */
const seconds = z
  .string()
  .refine((text) => text === "" || isFuzzTime(text), `write a number of seconds from 1 to ${MOST_SECONDS}`)
  .transform((text) => (text === "" ? undefined : Number(text)));

function oneOf<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, { error: `write one of ${words.join(", ")}` });
}

const moduleFolder = z
  .string()
  .refine((p) => !CONTROL.test(p), "a path cannot hold control characters")
  .refine(
    (p) => !p.startsWith("/") && !p.split("/").includes(".."),
    "name a folder inside the repository, relative to its root",
  )
  .transform((p) => p.replace(/^(\.\/)+/, "").replace(/\/+$/, "") || ".");

const kernel = z
  .string()
  .regex(
    /^(\d+(\.[\w+~-]+)*|\/[^\0\n]*)$/,
    "write a version prefix (6.1, 6.12) or the absolute path of a build folder",
  );

const artifactName = z.string().regex(/^[\w.-]{1,80}$/, "letters, digits, dot, _ and - only, at most 80 of them");

/** The inputs of `action.yml`, the half that builds and boots. */
export const checkInputs = z.object({
  mode: oneOf(["check", "list", "port", "plan", "cells", "regress"]),
  modules: list.pipe(z.array(moduleFolder)).transform((folders) => [...new Set(folders)]),
  names: list.pipe(z.array(moduleName)),
  kernel: list.pipe(z.array(kernel)),
  boot: yesNo,
  headers: oneOf(["helpers", "translate"]),
  make: z.string().refine((c) => !CONTROL.test(c), "a command cannot hold control characters"),
  baseline: z
    .string()
    .refine(
      (b) => b === "base" || b === "none" || moduleFolder.safeParse(b).success,
      "write base, none, or the folder of a committed port",
    ),
  "matrix-file": moduleFolder,
  shard: z.string().regex(/^\d{0,3}$/, "write the number of a job of the plan"),
  "fail-on": oneOf(FAIL_ON),
  "require-proof": percent,
  fuzz: seconds,
  comment: yesNo,
  check: yesNo,
  summary: yesNo,
  artifact: yesNo,
  "artifact-name": artifactName,
  cache: yesNo,
  sandbox: oneOf(["required", "preferred", "off"]),
  out: moduleFolder.refine((o) => o !== ".", "name a folder of its own"),
  token: z.string(),
  "dry-run": yesNo,
});
export type CheckInputs = z.infer<typeof checkInputs>;

/** A label, or the login or slug of whom to ask. */
const name = z
  .string()
  .refine(
    (n) => !CONTROL.test(n) && n.length <= 100,
    "a name cannot hold control characters, nor more than 100 others",
  );

/** The inputs of `report/action.yml`, the half that may write. */
export const reportInputs = z.object({
  mode: oneOf(["report", "port", "regress"]),
  base: z.string().refine((b) => !/[\s~^:?*[\\]|\.\./.test(b) && !CONTROL.test(b), "write the name of a branch"),
  "port-dir": z.string().refine((p) => !CONTROL.test(p), "a path cannot hold control characters"),
  propose: oneOf(["pass", "always"]),
  draft: yesNo,
  labels: list.pipe(z.array(name)),
  reviewers: list.pipe(z.array(name)),
  "team-reviewers": list.pipe(z.array(name)),
  reopen: yesNo,
  ...checkInputs.pick({
    "matrix-file": true,
    "artifact-name": true,
    comment: true,
    check: true,
    summary: true,
    token: true,
    "dry-run": true,
  }).shape,
});
export type ReportInputs = z.infer<typeof reportInputs>;

/**
 * Read every input of `schema` from the runner's environment.
 * @throws UserError that names every bad input, what it holds and what to write, one a line.
 */
export function readInputs<T extends z.ZodObject>(schema: T, read: (name: string) => string = getInput): z.infer<T> {
  const raw = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, read(name)]));
  if (raw["token"]) setSecret(raw["token"]);
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `input "${name}": ${JSON.stringify(raw[name]?.slice(0, 200))} will not do: ${issue.message}`;
  });
  throw new UserError([...new Set(lines)].join("\n"));
}
