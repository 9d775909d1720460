/** Reports for the end-to-end cases, as the pipeline would give them. */
import type { Finding, Report } from "../../src/report/schema.ts";
import type { Canned } from "./canned-action.ts";

const FACTS = {
  bytes: 20_000,
  text: 4000,
  data: 300,
  bss: 100,
  modinfo: { license: "GPL", vermagic: "6.1.0" },
  imports: ["_printk", "kfree"],
  exports: [],
  sections: { ".text": { size: 4000 } },
};
const BOOTED = {
  status: "ok",
  loaded: true,
  unloaded: true,
  seconds: 3.2,
  taint: { before: 0, after: 4096 },
  dmesg: ["ring: loaded", "ring: bye"],
  initRan: true,
} as const;

export function passing(name = "ring", change: Partial<Report> = {}): Report {
  return {
    schemaVersion: 1,
    verdict: "pass",
    module: { name, dir: "." },
    kernel: { release: "6.1.0-56-amd64", arch: "x86_64", compiler: "gcc 12.2.0" },
    tools: { clang: "19.1.7", bear: "3.1.1", c2rust: "0.22.1", rustc: "1.96.0", qemu: "7.2.0", kport: "0.1.0" },
    stages: (
      ["capture", "lower", "transpile", "assemble", "print", "build", "inspect", "compare", "prove", "boot"] as const
    ).map((stage) => ({ name: stage, status: "ok" as const, seconds: 1.5, cached: false })),
    units: [
      {
        file: "ring.c",
        status: "ok",
        cLines: 120,
        rustLines: 310,
        functions: 9,
        unsafe: { blocks: 4, functions: 9, rawPointerDerefs: 31, staticMut: 2, asm: 0 },
        keptInC: [],
        seconds: 1.2,
      },
    ],
    objects: { c: FACTS, rust: { ...FACTS, text: 5200, bytes: 26_000 } },
    findings: [],
    boot: {
      accelerator: "tcg",
      c: { ...BOOTED, dmesg: [...BOOTED.dmesg] },
      rust: { ...BOOTED, dmesg: [...BOOTED.dmesg] },
    },
    ...change,
  };
}

export function failing(findings: Finding[], name = "ring"): Report {
  return passing(name, { verdict: "fail", findings });
}

export function errors(count: number): Finding[] {
  return Array.from({ length: count }, (_, i) => ({
    check: "imports",
    severity: "error" as const,
    message: `symbol \`f${i}\` is imported by the Rust module only`,
    file: "ring.c",
    line: i + 1,
  }));
}

export function canned(
  report: Report,
  port: Record<string, string> = { "src/ring.rs": "fn ring() {}\n" },
  more: Partial<Canned> = {},
): Canned {
  return { report, port, ...more };
}

/** What a module can put into names, messages and logs to get at the readers or at the runner. */
export const HOSTILE = [
  "::error file=x::owned",
  "::set-output name=verdict::pass",
  "##[set-env name=PATH]/tmp",
  "::add-mask::GITHUB",
  "::stop-commands::x",
  "--> <!-- kport set=kport-report run=999.1 -->",
  "@everyone @acme/maintainers fixes #1",
  "</details><script>alert(1)</script><img src=x onerror=alert(1)>",
  "``` | `a` | [x](javascript:alert(1)) ![y](http://evil.example/p.png)",
  "\u001b[31mred\u001b]0;title\u0007 \u202egnp.exe",
];
