/** The texts and numbers that calls are made of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { factsOf } from "../../facts/facts-of.ts";
import { bytes, call, into, lineOf, listOf, number, register, room } from "../../../src/stages/fuzz/calls.ts";
import { dictionaryOf, NOTHING } from "../../../src/stages/fuzz/dictionary.ts";
import { NO_NETLINK } from "../../../src/stages/fuzz/netlink-names.ts";
import { readOffers } from "../../../src/stages/fuzz/offers.ts";
import { Random } from "../../../src/stages/fuzz/random.ts";
import { Budget, reduced } from "../../../src/stages/fuzz/reduce.ts";
import { targetsOf } from "../../../src/stages/fuzz/targets/index.ts";
import { Values } from "../../../src/stages/fuzz/values.ts";

test("a call is a line that says all of it", () => {
  const open = into(3, call("/dev/x", "open", [bytes('/dev/"x\\'), number(2)]));
  assert.equal(lineOf(open), 'r3 = open "/dev/\\"x\\\\" 2');
  const write = call("/dev/x", "write", [
    register(3),
    bytes(Buffer.from([0, 10, 65, 255])),
    room(9),
    number(2n ** 64n - 1n),
  ]);
  assert.equal(lineOf(write), 'write r3 "\\x00\\nA\\xff" room:9 0xffffffffffffffff');
  assert.equal(listOf([[open], [write]]).match(/^process$/gm)?.length, 2);
});

test("the same seed draws the same, another seed something else", () => {
  const drawn = (seed: string): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 50 }, () => random.below(1000));
  };
  assert.deepEqual(drawn("1"), drawn("1"));
  assert.notDeepEqual(drawn("1"), drawn("2"));
  assert.ok(drawn("1").every((n) => n >= 0 && n < 1000) && new Set(drawn("1")).size > 30);
});

test("numbers of ioctls are those that a handler, or what it calls, compares with", async () => {
  const tree = await factsOf(`
struct file; struct net_proto_family { int family; };
struct file_operations { long (*read)(int); long (*unlocked_ioctl)(struct file *, unsigned int, unsigned long); };
static long deeper(unsigned int cmd, unsigned long arg) { return cmd == 0x7402 ? arg > 5000 : -25; }
static long control(struct file *f, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x7401: return 1;
	case 0x80087403u: return 2;
	}
	return deeper(cmd, arg);
}
static long elsewhere(int n) { return n == 77 && __builtin_strcmp("a word", "%d") ? 1 : 0; }
const struct file_operations ops = { .read = elsewhere, .unlocked_ioctl = control };
const struct net_proto_family family = { .family = 44 };
struct config_item { char *ci_name; char ci_namebuf[20]; }; struct config_group { struct config_item cg_item; };
struct configfs_subsystem { struct config_group su_group; } subsystem = { .su_group = { .cg_item = { .ci_namebuf = "a group" } } };
struct configfs_attribute { const char *ca_name; } attribute = { .ca_name = "an attribute" };
`);
  const { ioctls, numbers, words, families, keyTypes, configfs, netlink } = dictionaryOf([tree.facts]);
  assert.deepEqual(
    ioctls.toSorted((a, b) => Number(a - b)),
    [5000n, 0x7401n, 0x7402n, 0x80087403n],
  );
  assert.ok(numbers.includes(77n) && !ioctls.includes(77n));
  assert.deepEqual(words.toSorted(), ["a group", "a word", "an attribute"]);
  assert.deepEqual([families, keyTypes, netlink], [[44n], [], NO_NETLINK]);
  assert.deepEqual(configfs, { groups: ["a group"], attributes: ["an attribute"] });
  const [group] = targetsOf([], { ...NOTHING, configfs });
  assert.equal(group?.name, "configfs a group");
  const lines = listOf(group.first(new Values(new Random("1"), NOTHING)));
  assert.match(lines, /^mkdir "\/sys\/kernel\/config\/a group\/kport" 493$/m);
  assert.match(lines, /^r0 = open "\/sys\/kernel\/config\/a group\/kport\/an attribute" 1$/m);
});

test("an offer is one thing by its shortest name, without what the driver core gives every device", () => {
  const offers = readOffers([
    "file 420 1:5 /sys/devices/virtual/misc/x/label",
    "file 420 1:5 /sys/class/misc/x/label",
    "file 420 1:6 /sys/class/misc/x/uevent",
    "folder 493 1:7 /sys/class/misc/x/power",
    "character 384 c2684 /dev/x",
    "list 0 0:0 /proc/filesystems:nodev\txfs2",
    "cipher 0 0:0 skcipher ecb-x",
    "nonsense 1 2 3",
  ]);
  assert.deepEqual(
    offers.map((o) => [o.kind, o.name]),
    [
      ["character", "/dev/x"],
      ["list", "/proc/filesystems:nodev\txfs2"],
      ["file", "/sys/class/misc/x/label"],
      ["cipher", "skcipher ecb-x"],
    ],
  );
  assert.deepEqual(
    targetsOf(offers, { ...NOTHING, families: [44n], keyTypes: ["k"] }).map((t) => t.name),
    [
      "/dev/x",
      "file system xfs2",
      "/sys/class/misc/x/label",
      "skcipher ecb-x",
      "sockets of family 44",
      "keys of type k",
    ],
  );
});

test("a list is reduced to what it takes, within the tries it has", async () => {
  const all = Array.from({ length: 50 }, (_, i) => i);
  let asked = 0;
  const fails = async (part: readonly number[]): Promise<boolean> => {
    asked++;
    return part.includes(7) && part.includes(31);
  };
  assert.deepEqual(await reduced(all, fails, new Budget(200, 60_000)), [7, 31]);
  asked = 0;
  await reduced(all, fails, new Budget(5, 60_000));
  assert.equal(asked, 5);
  asked = 0;
  assert.deepEqual(await reduced(all, fails, new Budget(5, -1)), all);
  assert.equal(asked, 0);
});
