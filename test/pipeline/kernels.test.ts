/** Kernels that have to be fetched, with the root file systems they are built in: `npm run test:kernels`, which downloads some 250 MB the first time. */
import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { projectRoot } from "../../src/machine/project-root.ts";
import { checkOne, complaints, folder, moduleFolder } from "./pipeline.ts";

const skip = process.env["KPORT_KERNELS"] === undefined ? "needs downloads: npm run test:kernels" : false;

for (const kernel of ["7.2", "6.12"]) {
  describe(`kernel ${kernel}`, { skip }, () => {
    // per-cpu: 7.x has segments in types. integer-conversions: plain char is unsigned from 6.2 on.
    for (const module of [
      "examples/ringdev/driver",
      "test/modules/per-cpu",
      "test/modules/integer-conversions",
      "test/modules/export-symbol",
    ]) {
      test(`${module} is ported and behaves like the C`, async () => {
        await using out = await folder();
        const report = await checkOne(path.join(projectRoot(), module), out.dir, { kernel });
        assert.equal(report.verdict, "pass", complaints(report));
        assert.ok(report.kernel.release.startsWith(`${kernel}.`), report.kernel.release);
        assert.equal(report.boot?.rust?.initRan, true);
        assert.deepEqual(
          report.printed?.kept.filter((k) => k.reason.startsWith("does not compile")),
          [],
          "what it takes for C's unsigned char is Rust",
        );
      });
    }

    test("a module whose C does not compile for it fails in the capture", async () => {
      await using out = await folder();
      const dir = await moduleFolder(
        out.dir,
        "newer",
        `#include <linux/module.h>\n#include <linux/version.h>\n#if LINUX_VERSION_CODE < KERNEL_VERSION(99, 0, 0)\n#error too old\n#endif\n`,
      );
      const report = await checkOne(dir, path.join(out.dir, "report"), { kernel, boot: false });
      assert.equal(report.verdict, "fail");
      assert.match(complaints(report), /too old/);
    });
  });
}
