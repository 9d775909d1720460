import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import test from "node:test";
import { run, sandboxWorks } from "../../src/machine/process.ts";

const skip = !(await sandboxWorks()) && "bubblewrap cannot be used here";

test("the sandbox puts a folder where the machine has none, beside what the machine has", { skip }, async () => {
  const absent = "/usr/lib/kport-no-such-folder";
  assert.equal(existsSync(absent), false);
  const sandbox = { writable: [], replaced: { [absent]: { build: "/there" } } };
  const r = await run(
    "sh",
    ["-c", `readlink ${absent}/build; ls /usr/lib | grep -v kport-no-such-folder | wc -l; ls /lib/os-release`],
    { sandbox },
  );
  const [link, beside] = r.stdout.split("\n");
  assert.equal(link, "/there");
  const outside = await run("sh", ["-c", "ls /usr/lib | wc -l"], {});
  assert.equal(beside, outside.stdout.trim());
});

test("the sandbox puts a folder in place of the machine's own", { skip }, async () => {
  const r = await run("ls", ["/usr/share"], {
    sandbox: { writable: [], replaced: { "/usr/share": { only: "/there" } } },
  });
  assert.equal(r.stdout.trim(), "only");
});
