/** `--fuzz`: a mistake behind one number of an ioctl and one argument is found and made small; chance and crashes of both are no finding. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { check } from "../../src/check/pipeline.ts";
import type { Doctor } from "../../src/check/work.ts";
import type { Finding, Report } from "../../src/report/schema.ts";
import { complaints, folder, moduleFolder } from "./pipeline.ts";

/** A device that answers by its numbers, one of which ends the machine; and a file that says something else each time. */
const TELLER = `// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/jiffies.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/random.h>
#include <linux/seq_file.h>

#define TELLER_ADD _IO('t', 1)
#define TELLER_TOTAL _IO('t', 2)
#define TELLER_BREAK _IO('t', 3)

static long total;

static long teller_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case TELLER_ADD:
		if (arg == 918273)
			return 7001;
		total += arg & 0xff;
		return 0;
	case TELLER_TOTAL:
		return total & 0xffff;
	case TELLER_BREAK:
		BUG();
	}
	return -ENOTTY;
}

static const struct file_operations teller_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = teller_ioctl,
};

static struct miscdevice teller = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "teller",
	.fops = &teller_fops,
};

static int teller_show(struct seq_file *s, void *unused)
{
	seq_printf(s, "%u %lu\\n", get_random_u32(), jiffies);
	return 0;
}

static int __init teller_init(void)
{
	if (!proc_create_single("teller", 0444, NULL, teller_show))
		return -ENOMEM;
	return misc_register(&teller);
}

static void __exit teller_exit(void)
{
	misc_deregister(&teller);
	remove_proc_entry("teller", NULL);
}

module_init(teller_init);
module_exit(teller_exit);
MODULE_LICENSE("GPL");
`;

/** A family of generic netlink that answers by one attribute. */
const ASKED = `// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <net/genetlink.h>

enum { ASKED_A_UNSPEC, ASKED_A_NUMBER, ASKED_A_COUNT };
enum { ASKED_C_SET = 3, ASKED_C_GET };

static u32 number;
static struct genl_family asked_family;

static const struct nla_policy asked_policy[ASKED_A_COUNT] = {
	[ASKED_A_NUMBER] = { .type = NLA_U32 },
};

static int asked_set(struct sk_buff *skb, struct genl_info *info)
{
	if (!info->attrs[ASKED_A_NUMBER])
		return -EINVAL;
	number = nla_get_u32(info->attrs[ASKED_A_NUMBER]);
	if (number == 918273)
		return -7001;
	return 0;
}

static int asked_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *answer = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	void *head;

	if (!answer)
		return -ENOMEM;
	head = genlmsg_put_reply(answer, info, &asked_family, 0, ASKED_C_GET);
	if (!head || nla_put_u32(answer, ASKED_A_NUMBER, number)) {
		nlmsg_free(answer);
		return -EMSGSIZE;
	}
	genlmsg_end(answer, head);
	return genlmsg_reply(answer, info);
}

static const struct genl_ops asked_ops[] = {
	{ .cmd = ASKED_C_SET, .doit = asked_set },
	{ .cmd = ASKED_C_GET, .doit = asked_get },
};

static struct genl_family asked_family = {
	.name = "kport_asked",
	.version = 1,
	.maxattr = ASKED_A_COUNT - 1,
	.policy = asked_policy,
	.ops = asked_ops,
	.n_ops = ARRAY_SIZE(asked_ops),
	.module = THIS_MODULE,
};

static int __init asked_init(void)
{
	return genl_register_family(&asked_family);
}

static void __exit asked_exit(void)
{
	genl_unregister_family(&asked_family);
}

module_init(asked_init);
module_exit(asked_exit);
MODULE_LICENSE("GPL");
`;

const mistaken: Doctor = {
  printed: (text) => {
    const out = text.replace("7001", "7002");
    assert.ok(out !== text, "the number is in the Rust");
    return out;
  },
};

describe("generated calls", () => {
  let scratch: Awaited<ReturnType<typeof folder>>;
  before(async () => {
    scratch = await folder();
    await moduleFolder(scratch.dir, "teller", TELLER);
    await moduleFolder(scratch.dir, "asked", ASKED);
  });
  after(() => scratch[Symbol.asyncDispose]());

  async function run(out: string, doctor?: Doctor, module = "teller"): Promise<Report> {
    const [report] = await check(
      {
        dir: path.join(scratch.dir, module),
        out: path.join(scratch.dir, out),
        kernel: "6.1",
        boot: true,
        headers: "helpers",
        fuzz: { seconds: 15, seed: 1 },
      },
      doctor,
    );
    return report as Report;
  }
  const found = (report: Report): Finding[] => report.findings.filter((f) => f.check === "fuzz");

  test("a mistake is found, by a few calls that are kept as an exercise", async () => {
    const report = await run("mistaken", mistaken);
    const [finding, ...more] = found(report);
    assert.deepEqual(more, [], complaints(report));
    assert.ok(finding !== undefined && report.verdict === "fail", complaints(report));
    assert.match(finding.message, /^after (?:one call|[2-4] calls) .*ioctl r0 29697 /);
    assert.match(finding.message, /--exercise fuzz\/1/);
    assert.match(finding.c ?? "", /7001/);
    assert.match(finding.rust ?? "", /7002/);
    const script = await readFile(path.join(scratch.dir, "mistaken", "fuzz", "1", "run.sh"), "utf8");
    assert.match(script, /^process\nr0 = open "\/dev\/teller" \d+\n/m);
    assert.match(script, /^ioctl r0 29697 /m);
  });

  test("without it nothing is, whatever answers by chance and whatever crashes both", async () => {
    const report = await run("right");
    assert.deepEqual(found(report), []);
    assert.equal(report.verdict, "pass", complaints(report));
    const { fuzz } = report;
    assert.ok(fuzz !== undefined && fuzz.calls > 0);
    assert.deepEqual(fuzz.targets, ["/dev/teller", "/proc/teller"]);
    assert.ok(fuzz.dropped > 0, "the file's answers are dropped");
    assert.ok(fuzz.crashes > 0, "both crash");
    assert.ok(fuzz.blocks.fuzzed > fuzz.blocks.reading && fuzz.blocks.fuzzed <= fuzz.blocks.all);
    assert.ok(report.stages.some((s) => s.name === "fuzz" && s.status === "ok"));
  });

  test("a mistake behind an attribute of generic netlink is found", async () => {
    const report = await run("asked-mistaken", mistaken, "asked");
    const [finding, ...more] = found(report);
    assert.deepEqual(more, [], complaints(report));
    assert.ok(finding !== undefined && report.verdict === "fail", complaints(report));
    assert.match(finding.message, /netlink r0 r1/);
    assert.match(finding.c ?? "", /netlink = -7001/);
    assert.match(finding.rust ?? "", /netlink = -7002/);
    assert.deepEqual(report.fuzz?.targets, ["generic netlink family kport_asked"]);
    const { blocks } = report.fuzz ?? { blocks: { fuzzed: 0, reading: 0 } };
    assert.ok(blocks.fuzzed > 3 * blocks.reading, `${blocks.fuzzed} blocks, ${blocks.reading} by reading`);
  });
});
