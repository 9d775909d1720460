/** What a module's own code compares with, by its facts: numbers of ioctls, other numbers, words, and the names it registers. */
import type { Facts, Node } from "../../facts/schema.ts";
import { Tree } from "../../facts/tree.ts";
import { bare, fieldsOf, textOf, valueOf } from "./initialisers.ts";
import { NetlinkReader, type NetlinkNames, NO_NETLINK, togetherOf } from "./netlink-names.ts";

export interface Dictionary {
  /** Constants that functions reached from an `ioctl` member compare with. */
  ioctls: readonly bigint[];
  /** Constants that any of its functions compares with. */
  numbers: readonly bigint[];
  /** Short texts that stand in it. */
  words: readonly string[];
  /** Protocol families that it registers (`struct net_proto_family`). */
  families: readonly bigint[];
  /** Names of key types that it registers (`struct key_type`). */
  keyTypes: readonly string[];
  /** Groups of configfs that it registers (`su_group.cg_item.ci_namebuf`), and names of attributes (`struct configfs_attribute`). */
  configfs: { groups: readonly string[]; attributes: readonly string[] };
  netlink: NetlinkNames;
}

export const NOTHING: Dictionary = {
  ioctls: [],
  numbers: [],
  words: [],
  families: [],
  keyTypes: [],
  configfs: { groups: [], attributes: [] },
  netlink: NO_NETLINK,
};

/** What is more than this of anything does not help. */
const MOST = 400;
const LONGEST_WORD = 64;

export function dictionaryOf(units: readonly Facts[]): Dictionary {
  const all = units.map((facts) => unitDictionary(new Tree(facts)));
  const merged = <T>(of: (d: Dictionary) => readonly T[]): T[] => [...new Set(all.flatMap(of))].slice(0, MOST);
  return {
    ioctls: merged((d) => d.ioctls),
    numbers: merged((d) => d.numbers),
    words: merged((d) => d.words),
    families: merged((d) => d.families),
    keyTypes: merged((d) => d.keyTypes),
    configfs: { groups: merged((d) => d.configfs.groups), attributes: merged((d) => d.configfs.attributes) },
    netlink: togetherOf(all.map((d) => d.netlink)),
  };
}

function unitDictionary(tree: Tree): Dictionary {
  const bodies = new Map<number, number>();
  const handlers = new Set<number>();
  const words = new Set<string>();
  const families: bigint[] = [];
  const keyTypes: string[] = [];
  const configfs = { groups: new Set<string>(), attributes: new Set<string>() };
  const netlink = new NetlinkReader(tree);
  for (const [i, d] of tree.facts.declarations.entries()) {
    if (!tree.isOwn(d)) continue;
    const root = d.k === "function" ? d.body : d.k === "variable" ? d.initialiser : undefined;
    if (root === undefined) continue;
    if (d.k === "function") bodies.set(i, root);
    tree.walk(root, (node) => {
      if (node.k === "string") addWord(node, words);
      netlink.read(node);
      for (const { record, field, item } of fieldsOf(tree, node)) {
        const named = field.toLowerCase();
        const handler = named.endsWith("ioctl") ? functionOf(tree, item) : undefined;
        if (handler !== undefined) handlers.add(handler);
        const value = valueOf(tree.node(item));
        if (record === "net_proto_family" && field === "family" && value !== undefined) families.push(value);
        const text = textOf(tree, item);
        if (text === undefined) continue;
        if (record === "key_type" && field === "name") keyTypes.push(text);
        if (record === "config_item" && field === "ci_namebuf") configfs.groups.add(text);
        if (record === "configfs_attribute" && field === "ca_name") configfs.attributes.add(text);
      }
    });
  }
  const ofHandlers = reached(tree, handlers, bodies);
  return {
    ioctls: [
      ...compared(
        tree,
        ofHandlers.flatMap((f) => bodies.get(f) ?? []),
      ),
    ],
    numbers: [...compared(tree, [...bodies.values()])],
    words: [...words],
    families,
    keyTypes,
    configfs: { groups: [...configfs.groups], attributes: [...configfs.attributes] },
    netlink: netlink.names,
  };
}

function functionOf(tree: Tree, index: number): number | undefined {
  const node = bare(tree, index);
  return node.k === "reference" && tree.declaration(node.decl).k === "function" ? node.decl : undefined;
}

/** The functions, and those of the module that they name, and so on. */
function reached(tree: Tree, from: ReadonlySet<number>, bodies: ReadonlyMap<number, number>): number[] {
  const known = new Set(from);
  // A set is walked over what is added on the way.
  for (const f of known) {
    const body = bodies.get(f);
    if (body === undefined) continue;
    tree.walk(body, (node) => {
      if (node.k === "reference" && bodies.has(node.decl)) known.add(node.decl);
    });
  }
  return [...known];
}

const COMPARISONS = new Set(["==", "!=", "<", ">", "<=", ">="]);

/** Constants in case labels and comparisons, as numbers of 64 bits. */
function compared(tree: Tree, roots: readonly number[]): Set<bigint> {
  const found = new Set<bigint>();
  const add = (index: number | undefined): void => {
    const value = index === undefined ? undefined : valueOf(tree.node(index));
    if (value !== undefined) found.add(BigInt.asUintN(64, value));
  };
  for (const root of roots)
    tree.walk(root, (node) => {
      if (node.k === "case") {
        add(node.low);
        add(node.high);
      } else if (node.k === "binary" && COMPARISONS.has(node.op)) {
        add(node.left);
        add(node.right);
      }
    });
  return found;
}

/** What is printed is no word that is read. */
function addWord(node: Extract<Node, { k: "string" }>, words: Set<string>): void {
  if (node.unit !== 1 || node.predefined !== undefined) return;
  const text = Buffer.from(node.bytes, "hex").toString("latin1").trim();
  if (text !== "" && text.length <= LONGEST_WORD && !text.includes("%") && [...text].every((c) => c >= " " && c <= "~"))
    words.add(text);
}
