/** Runs of the whole pipeline for the tests: real tools, real kernels, results in a folder that goes away. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { check } from "../../src/check/pipeline.ts";
import type { CheckRequest } from "../../src/check/check-request.ts";
import type { Finding, Report } from "../../src/report/schema.ts";

/** A folder that is gone when it is disposed of. */
export async function folder(): Promise<{ dir: string } & AsyncDisposable> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-pipeline-"));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

/** Check the one module of a folder on 6.1. */
export async function checkOne(dir: string, out: string, options: Partial<CheckRequest> = {}): Promise<Report> {
  const [report, ...others] = await check({ dir, out, kernel: "6.1", boot: true, headers: "helpers", ...options });
  if (report === undefined || others.length > 0) throw new Error(`${others.length + 1} reports`);
  return report;
}

/** Everything that a report complains of, for a test's message. */
export function complaints(report: Report): string {
  return [
    report.verdict,
    ...report.stages.map((s) => `${s.name} ${s.status} ${s.message ?? ""}`),
    ...report.findings.map(told),
  ].join("\n");
}

export function told(f: Finding): string {
  return `${f.severity} [${f.check}] ${f.file ?? ""}:${f.line ?? ""} ${f.message}`;
}

/** A module of one file in a new folder below `parent`. */
export async function moduleFolder(parent: string, name: string, source: string): Promise<string> {
  const dir = path.join(parent, name);
  await mkdir(dir);
  await writeFile(
    path.join(dir, "Makefile"),
    `obj-m := ${name}.o\nKDIR ?= /lib/modules/$(shell uname -r)/build\nall:\n\t$(MAKE) -C $(KDIR) M=$(CURDIR) modules\n`,
  );
  await writeFile(path.join(dir, `${name}.c`), source);
  return dir;
}

/** A module that says hello and bye, with a parameter. */
export const GREETER = `// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 a person
#include <linux/module.h>

static int times = 2;
module_param(times, int, 0444);
MODULE_PARM_DESC(times, "how often to greet");

static int __init greeter_init(void)
{
	int i;

	for (i = 0; i < times; i++)
		pr_info("hello number %d\\n", i + 1);
	return 0;
}

static void __exit greeter_exit(void)
{
	pr_info("bye\\n");
}

module_init(greeter_init);
module_exit(greeter_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("greets");
`;
