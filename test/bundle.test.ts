/** dist/ is what GitHub runs; it is committed, so it has to be what the sources make. */
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import type { BuildOptions } from "rolldown";
import { build } from "rolldown";
import config from "../rolldown.config.ts";
import { scratchFolder } from "../src/machine/cache.ts";
import { projectRoot } from "../src/machine/project-root.ts";

const dist = path.join(projectRoot(), "dist");

describe("dist/", () => {
  it("is what `npm run bundle` makes of the sources", async () => {
    await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-dist-"));
    await build(
      config.map((bundle) => ({ ...bundle, cwd: projectRoot(), output: { ...bundle.output, dir: scratch.dir } })),
    );
    assert.deepEqual((await readdir(scratch.dir)).sort(), (await readdir(dist)).sort());
    for (const file of await readdir(dist)) {
      const [committed, made] = await Promise.all([
        readFile(path.join(dist, file), "utf8"),
        readFile(path.join(scratch.dir, file), "utf8"),
      ]);
      assert.ok(committed === made, `dist/${file} is not up to date: npm run bundle, and commit it`);
    }
  });

  it("holds no seam of the tests and no path of the machine it was made on", async () => {
    for (const file of await readdir(dist)) {
      const text = await readFile(path.join(dist, file), "utf8");
      for (const foreign of ["canned.json", "KPORT_E2E", projectRoot(), os.homedir() + path.sep])
        assert.ok(!text.includes(foreign), `dist/${file} holds ${foreign}`);
    }
  });

  it("has a half that writes which can neither build, boot nor sandbox", async () => {
    const made = await build({ ...config[1], cwd: projectRoot(), write: false } as BuildOptions);
    const sources = (made.output[0].moduleIds ?? []).map((id) => path.relative(projectRoot(), id));
    assert.ok(
      sources.includes("src/doors/report-action.ts") && sources.includes("src/github/sticky-comment.ts"),
      "the half that writes was looked at",
    );
    assert.deepEqual(
      sources.filter((s) =>
        /^src\/(machine\/(process|sandbox)|check\/pipeline|actions\/(check-tree|base-checkout))\.ts$|^src\/(stages|toolchain)\/|^node_modules\/execa\//.test(
          s,
        ),
      ),
      [],
    );
  });
});
