/** Makes docs/action.md out of action.yml and report/action.yml: `npm run docs`. A test keeps the two together. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { markdownTable } from "markdown-table";
import { parse } from "yaml";
import { BOUNDS, MODULE_TIME, nameBound, OUTPUT, TOOL_OUTPUT } from "../src/machine/bounds.ts";
import { projectRoot } from "../src/machine/project-root.ts";

interface ActionFile {
  name: string;
  description: string;
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { description: string }>;
}

/** What each place a run writes to needs; `contents: read` is for actions/checkout. */
const PERMISSIONS: [string, string, string][] = [
  ["read the pull request's files", "`contents: read`", "build"],
  ["keep the comment", "`pull-requests: write`", "build, or report for forks"],
  ["make the check run with its annotations", "`checks: write`", "build, or report for forks"],
  ["read the build's artifact", "`actions: read`", "report"],
  [
    "bring ports in by [pull request](port.md)",
    "`contents: write`, `pull-requests: write`",
    "report with `mode: port`",
  ],
];

/** Where GitHub's runner, `ubuntu-24.04`, is another machine than kport is developed on. Seen: `npm run test:runner` (test/runner) has it. */
const RUNNER: [string, string, string][] = [
  [
    "a plain user, who may be root without a password",
    "packages and settings through `sudo -n`; nothing else runs as root",
    "seen",
  ],
  [
    "no user namespaces for plain users, by `user.max_user_namespaces`",
    "raised for the step, put back behind it",
    "seen",
  ],
  [
    "the same by AppArmor (`kernel.apparmor_restrict_unprivileged_userns`)",
    "a profile for a copy of bubblewrap, for the step",
    "not seen: the commands are tested, no kernel with that setting was at hand. It is Ubuntu's default from 24.04 on, and the image leaves it so (actions/runner-images, pull request 11489)",
  ],
  [
    "the image of the machine's own kernel is readable by root alone, and its headers are not installed",
    "headers by apt, an image unpacked from its package in the cache",
    "seen, with Debian's kernel; Ubuntu's packages (`linux-headers-generic`, `linux-image-unsigned-…`, `linux-modules-…`) were not",
  ],
  [
    "Rust as rustup leaves it in the home folder",
    "taken where it has the sources of its library; else `rustup component add rust-src`, or Ubuntu's packages where they are new enough",
    "seen with sources in it; rustup itself was not",
  ],
  [
    "clang 16 to 18 on the image, 19 by apt",
    "19 with its `llvm-config` and `llvm-readelf`, by apt where it is not there: a plugin is written for that clang",
    "19 by apt seen, on Debian; Ubuntu 24.04 has 19.1.1 in its updates, which was looked up",
  ],
  ["another Node than 24 on PATH", "the runner starts the action with its own", "seen"],
  ["secrets in the home folder", "the sandbox has no home folder", "seen; the hostile tests run there too"],
  [
    "LLVM of rustc's version and z3, for proofs",
    "by apt; where it has none, nothing is proved and the report says so",
    "seen, on Debian; not whether Ubuntu 24.04 has the LLVM of its image's Rust",
  ],
  [
    "settings of rustup, cargo and the like in the checkout, where an action is started",
    "programs are started elsewhere",
    "seen: the hostile tests have them",
  ],
  [
    "`ubuntu-26.04`, a preview in July 2026, with clang 20 to 22 and Rust 1.97",
    "nothing of its own: the examples name `ubuntu-24.04`",
    "not seen",
  ],
  ["a workspace of another user, in a job's container", "git is told which workspace is meant", "not seen"],
  [
    "`/dev/kvm` for members of a group",
    "QEMU emulates the processor where it cannot be opened, and guests take longer",
    "the emulation seen",
  ],
  [
    "package lists of Ubuntu's mirrors, packages with Ubuntu's versions",
    "`apt-get update` and `install`; what is missing is named with its package",
    "not seen",
  ],
  ["kernels of other Debian releases, and their rustc", "not there: they are looked for on Debian only", "not seen"],
];

const amount = (name: string, n: number, unit: "bytes" | "count" | "ms"): string =>
  nameBound(name, n, unit)
    .replace(/^bound: /, "")
    .replace(new RegExp(`^${name} | ${name}$`), "");

/** Seconds of each step of `setUp` (src/toolchain/install.ts) on a bare machine of two cores, and what of it a cache that was kept leaves to do. */
const SET_UP: [string, string, string][] = [
  ["packages: bear, clang, QEMU, Rust and the like, by apt", "37", "installed again, in each job"],
  ["c2rust, compiled once the packages are there", "189", "none"],
  ["the clang plugin, compiled", "14", "none"],
  ["LLVM of rustc's version and z3, by apt", "7", "installed again, in each job"],
  ["the kernel: headers by apt, its image unpacked", "20", "the headers are installed again, the image is kept"],
];

/** What all processes of one sandbox may use together, unless it says otherwise, and what kport itself does with texts. */
const LIMITS: [string, string, string][] = [
  ["memory of all processes", "8 GiB, or three quarters of the machine's where that is less", "`bound: memory …`"],
  ["processes", amount("processes", BOUNDS.processes, "count"), "`bound: … processes`"],
  [
    "time of one module, behind its C build",
    amount("time", MODULE_TIME, "ms"),
    "`bound: time …`; the C build of a folder has 30 min, each program a time of its own",
  ],
  [
    "disk, in the folders that may be written",
    `${amount("disk", BOUNDS.disk, "bytes")}, ${amount("files", BOUNDS.entries, "count")} files, ${amount("nested folders", BOUNDS.depth, "count")} folders in one another`,
    "`bound: disk …`, `bound: … files`, `bound: … nested folders`",
  ],
  [
    "output of one program",
    `${amount("output", OUTPUT, "bytes")}; of a compiler or a reader of objects ${amount("output", TOOL_OUTPUT, "bytes")}`,
    "`bound: output …`",
  ],
  [
    "one file; `/tmp`",
    `${amount("file", BOUNDS.file, "bytes")}; ${amount("temporary", BOUNDS.temporary, "bytes")}`,
    "the program's own words, which the kernel gives it: `File too large`, `No space left on device`",
  ],
];

/** In a table a pipe would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function section(file: string, action: ActionFile, uses: string): string {
  const inputs = Object.entries(action.inputs).map(([name, i]) => [
    `\`${name}\``,
    cell(i.description),
    i.default === "" ? "" : `\`${cell(i.default)}\``,
  ]);
  const outputs = Object.entries(action.outputs).map(([name, o]) => [`\`${name}\``, cell(o.description)]);
  return [
    `## \`${uses}\``,
    `${action.description}. (\`${file}\`)`,
    "### Inputs",
    markdownTable([["input", "what it is", "default"], ...inputs], { alignDelimiters: false }),
    "### Outputs",
    markdownTable([["output", "what it is"], ...outputs], { alignDelimiters: false }),
  ].join("\n\n");
}

/** The text of docs/action.md. */
export async function actionPage(): Promise<string> {
  const read = async (file: string) => parse(await readFile(path.join(projectRoot(), file), "utf8")) as ActionFile;
  return `${[
    "<!-- Made by `npm run docs` from action.yml and report/action.yml: change those. -->",
    "# The GitHub Action",
    "Two actions share the work. The first builds and boots what the pull request brings, and needs no right to write; the second writes the comment and the check run for pull requests from forks, or the [pull requests with the ports](port.md), and runs nothing of theirs. [Workflows to copy](../examples/workflows) use both; [SECURITY.md](../SECURITY.md) says why they are two.",
    section("action.yml", await read("action.yml"), "OWNER/kport"),
    section("report/action.yml", await read("report/action.yml"), "OWNER/kport/report"),
    "## Permissions",
    markdownTable([["to", "the job needs", "in the half"], ...PERMISSIONS], { alignDelimiters: false }),
    "Without a permission to write, the run ends green or red on the module alone; the job summary and the artifact hold the report, and one line says how to get the rest. A proxy (`https_proxy`, `no_proxy`) and GitHub Enterprise Server are taken from the runner's environment; GitHub Enterprise Server has no artifact service for current clients, so reports are in its job summaries only.",
    "## GitHub's runner",
    "kport is developed on Debian. `npm run test:runner` makes a machine like `ubuntu-24.04` of Debian's packages and runs every mode of both actions on it by the example workflows; what it has of GitHub's runner is seen, what only Ubuntu has is not.",
    markdownTable([["on the runner", "what kport does", "seen or not"], ...RUNNER], { alignDelimiters: false }),
    "## What the first run costs",
    "On a bare machine of two cores the set-up took 3 min 48 s when nothing else ran. It says at its end what each step took; `./kport doctor --fix` does the same on a person's machine, and `npm run test:runner -- --cold` the whole first run on a machine like the runner. c2rust is compiled once the packages are there, beside the last three, which cost no time of their own.",
    markdownTable([["step", "seconds", "with an Actions cache"], ...SET_UP], { alignDelimiters: false }),
    "## Limits",
    "What a module's makefile and all that works on its text may use. What passes a bound is ended, and the report names it. These are the kernel's limits of each process, and kport's look at all of them twice a second: a plain user without a session is given no part of the kernel's control groups. Where one can be made, as by root, the memory and the processes of each sandbox are held by a control group of its own besides. The time that kport itself takes for a large text is the job's (`timeout-minutes`). [SECURITY.md](../SECURITY.md) says what holds each, and which test.",
    markdownTable([["bound", "how much", "what is said of it"], ...LIMITS], { alignDelimiters: false }),
  ].join("\n\n")}\n`;
}

if (import.meta.main) await writeFile(path.join(projectRoot(), "docs", "action.md"), await actionPage());
