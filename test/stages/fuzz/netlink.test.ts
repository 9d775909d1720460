/** Netlink: what a module registers with it, and the messages that are made of that. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { factsOf } from "../../facts/facts-of.ts";
import { lineOf, number } from "../../../src/stages/fuzz/calls.ts";
import { dictionaryOf, NOTHING } from "../../../src/stages/fuzz/dictionary.ts";
import { ask, attribute, attributes, nested, plainAttributes } from "../../../src/stages/fuzz/netlink-message.ts";
import { Random } from "../../../src/stages/fuzz/random.ts";
import { targetsOf } from "../../../src/stages/fuzz/targets/index.ts";
import { Values } from "../../../src/stages/fuzz/values.ts";

/** Attributes of a message's payload, each with its own. */
function read(payload: Buffer): { type: number; payload: Buffer }[] {
  const found: { type: number; payload: Buffer }[] = [];
  for (let at = 0; at < payload.length; ) {
    const length = payload.readUInt16LE(at);
    assert.ok(length >= 4 && at + length <= payload.length, `an attribute of ${length} bytes at ${at}`);
    found.push({ type: payload.readUInt16LE(at + 2), payload: payload.subarray(at + 4, at + length) });
    at += (length + 3) & ~3;
  }
  return found;
}

const NETLINK = {
  ...NOTHING.netlink,
  policies: [
    [
      { attribute: 1, kind: 3, length: 0 },
      { attribute: 2, kind: 10, length: 8 },
      { attribute: 5, kind: 8, length: 0 },
      { attribute: 6, kind: 6, length: 0 },
      { attribute: 7, kind: 11, length: 20 },
    ],
  ],
};

describe("what a module registers", () => {
  test("families, commands, kinds and tables of attributes are read from initialisers", async () => {
    const tree = await factsOf(`
struct nla_policy { unsigned char type; unsigned char validation_type; unsigned short len; };
struct genl_ops { int (*doit)(void); unsigned char cmd; };
struct genl_family { int id; char name[16]; unsigned int maxattr; const struct genl_ops *ops; };
struct rtnl_link_ops { const char *kind; };
struct Qdisc_ops { struct Qdisc_ops *next; char id[16]; };
struct tcf_proto_ops { char kind[16]; };
struct tc_action_ops { char kind[16]; };
struct other { const char *kind; unsigned char cmd; };
enum { A_UNSPEC, A_NUMBER, A_NAME, A_GAP, A_BYTES };
static int doit(void) { return 0; }
static const struct nla_policy policy[] = {
	[A_NUMBER] = { .type = 3 }, [A_NAME] = { .type = 10, .len = 15 }, [A_BYTES] = { .len = sizeof(long) * 3 },
};
const struct nla_policy *used = policy;
static const struct genl_ops ops[] = { { .cmd = 3, .doit = doit }, { .doit = doit, .cmd = 9 } };
struct genl_family family = { .name = "kport_family", .maxattr = 4, .ops = ops };
struct rtnl_link_ops link = { .kind = "kport_link" };
struct Qdisc_ops discipline = { .id = "kport_fifo" };
struct tcf_proto_ops classifier = { .kind = "kport_cls" };
struct tc_action_ops action = { .kind = "kport_act" };
struct other other = { .kind = "none of these", .cmd = 77 };
`);
    const { netlink } = dictionaryOf([tree.facts, tree.facts]);
    const { policies, ...names } = netlink;
    assert.deepEqual(names, {
      families: ["kport_family"],
      commands: [3n, 9n],
      links: ["kport_link"],
      disciplines: ["kport_fifo"],
      classifiers: ["kport_cls"],
      actions: ["kport_act"],
    });
    assert.deepEqual(policies[0], [
      { attribute: 1, kind: 3, length: 0 },
      { attribute: 2, kind: 10, length: 15 },
      { attribute: 4, kind: 0, length: 24 },
    ]);
    assert.deepEqual(
      targetsOf([], { ...NOTHING, netlink }).map((t) => t.name),
      [
        "generic netlink family kport_family",
        "network interfaces of kind kport_link",
        "queueing discipline kport_fifo",
        "classifier kport_cls",
        "action kport_act",
      ],
    );
  });
});

describe("messages", () => {
  test("an attribute has its length and type in front and is filled up to four bytes", () => {
    assert.deepEqual([...attribute(3, Buffer.from([1, 2, 3, 4, 5]))], [9, 0, 3, 0, 1, 2, 3, 4, 5, 0, 0, 0]);
    assert.deepEqual([...nested(2, attribute(1, Buffer.alloc(0)))], [8, 0, 2, 0x80, 4, 0, 1, 0]);
  });

  test("one call sends a message and has room for the answers", () => {
    assert.equal(lineOf(ask("x", number(16), 5, Buffer.from([1]), "what")), 'netlink r0 16 5 "\\x01" room:4096');
  });

  test("a table's attributes have the widths that it tells of", () => {
    const found = read(plainAttributes(NETLINK.policies[0] ?? []));
    assert.deepEqual(
      found.map((a) => [a.type, a.payload.length]),
      [
        [1, 4],
        [2, 8],
        [5, 0],
        [6, 0],
        [7, 20],
      ],
    );
  });

  test("generated ones can be read as attributes, name those of the table, and differ", () => {
    const values = new Values(new Random("attributes"), { ...NOTHING, netlink: NETLINK });
    const made = Array.from({ length: 200 }, () => attributes(values));
    const seen = new Set(made.flatMap((m) => read(m).map((a) => a.type)));
    for (const type of [1, 2, 5, 6, 7]) assert.ok(seen.has(type), `attribute ${type} is never made`);
    const known = made.flatMap((m) => read(m)).filter((a) => a.type === 1 && a.payload.length === 4);
    assert.ok(known.length > 40, `${known.length} numbers of four bytes`);
    assert.ok(new Set(made.map((m) => m.toString("hex"))).size > 100);
  });

  test("a table that names itself ends", () => {
    const policies = [[{ attribute: 1, kind: 8, length: 0 }]];
    const values = new Values(new Random("deep"), { ...NOTHING, netlink: { ...NETLINK, policies } });
    for (let i = 0; i < 200; i++) assert.ok(attributes(values).length < 4096);
  });
});

test("what a target makes is the same for the same seed, and each of its processes has a socket of its own", () => {
  const netlink = { ...NETLINK, families: ["f"], links: ["l"], disciplines: ["q"], classifiers: ["c"], actions: ["a"] };
  const dictionary = { ...NOTHING, netlink };
  const made = (): string[][] => {
    const values = new Values(new Random("same"), dictionary);
    return targetsOf([], dictionary).map((t) =>
      [...t.first(values), ...Array.from({ length: 20 }, () => t.generate(values))].map((s) =>
        s.map(lineOf).join("\n"),
      ),
    );
  };
  assert.deepEqual(made(), made());
  for (const sequences of made()) {
    assert.ok(sequences.length >= 20);
    for (const s of sequences) assert.match(s, /^r0 = socket 16 2051 (?:0|16)\n/);
  }
});
