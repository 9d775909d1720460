/** What a module registers with netlink, and what its attributes are, by its facts. */
import type { Node } from "../../facts/schema.ts";
import type { Tree } from "../../facts/tree.ts";
import { bare, fieldsOf, textOf, valueOf } from "./initialisers.ts";

/** An attribute that a table of `struct nla_policy` tells of. */
export interface AttributePolicy {
  /** Its number: the place in the table. */
  attribute: number;
  /** `NLA_…` of include/net/netlink.h. */
  kind: number;
  /** Bytes: what it has at the least, of text and binary ones at the most. */
  length: number;
}

export interface NetlinkNames {
  /** Generic netlink families (`struct genl_family`). */
  families: readonly string[];
  /** Commands of these (`struct genl_ops`, `genl_small_ops`, `genl_split_ops`). */
  commands: readonly bigint[];
  /** Kinds of network interfaces (`struct rtnl_link_ops`). */
  links: readonly string[];
  /** Queueing disciplines (`struct Qdisc_ops`), classifiers (`struct tcf_proto_ops`) and actions (`struct tc_action_ops`). */
  disciplines: readonly string[];
  classifiers: readonly string[];
  actions: readonly string[];
  policies: readonly (readonly AttributePolicy[])[];
}

export const NO_NETLINK: NetlinkNames = {
  families: [],
  commands: [],
  links: [],
  disciplines: [],
  classifiers: [],
  actions: [],
  policies: [],
};

/** The member of a structure that names what it registers. */
const NAMED: readonly {
  record: string;
  field: string;
  of: "families" | "links" | "disciplines" | "classifiers" | "actions";
}[] = [
  { record: "genl_family", field: "name", of: "families" },
  { record: "rtnl_link_ops", field: "kind", of: "links" },
  { record: "Qdisc_ops", field: "id", of: "disciplines" },
  { record: "tcf_proto_ops", field: "kind", of: "classifiers" },
  { record: "tc_action_ops", field: "kind", of: "actions" },
];
const OPERATIONS = new Set(["genl_ops", "genl_small_ops", "genl_split_ops"]);
/** An attribute's number has 14 bits, and a module tells of a few dozen. */
const MOST_ATTRIBUTES = 256;

/** Of one unit. */
export class NetlinkReader {
  readonly #tree: Tree;
  readonly #names = new Map<string, Set<string>>();
  readonly #commands = new Set<bigint>();
  readonly #policies: AttributePolicy[][] = [];

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** Look at a node of an initialiser. */
  read(node: Node): void {
    const tree = this.#tree;
    for (const { record, field, item } of fieldsOf(tree, node)) {
      const of = NAMED.find((n) => n.record === record && n.field === field)?.of;
      const text = of && textOf(tree, item);
      if (of !== undefined && text !== undefined && text !== "")
        this.#names.set(of, (this.#names.get(of) ?? new Set()).add(text));
      const value = OPERATIONS.has(record ?? "") && field === "cmd" ? valueOf(tree.node(item)) : undefined;
      if (value !== undefined) this.#commands.add(value);
    }
    if (node.k === "list" && node.fields === undefined) this.#readPolicies(node);
  }

  #readPolicies(list: Extract<Node, { k: "list" }>): void {
    const found = list.items.slice(0, MOST_ATTRIBUTES).flatMap((item, attribute) => {
      const fields = fieldsOf(this.#tree, bare(this.#tree, item)).filter((f) => f.record === "nla_policy");
      const of = (name: string): number => {
        const field = fields.find((f) => f.field === name);
        return Number((field && valueOf(this.#tree.node(field.item))) ?? 0n);
      };
      return fields.length === 0 ? [] : [{ attribute, kind: of("type"), length: of("len") }];
    });
    if (found.length > 0) this.#policies.push(found);
  }

  get names(): NetlinkNames {
    const of = (kind: string): string[] => [...(this.#names.get(kind) ?? [])];
    return {
      families: of("families"),
      commands: [...this.#commands],
      links: of("links"),
      disciplines: of("disciplines"),
      classifiers: of("classifiers"),
      actions: of("actions"),
      policies: this.#policies,
    };
  }
}

/** What the units of a module have together. */
export function togetherOf(units: readonly NetlinkNames[]): NetlinkNames {
  const all = <T>(of: (n: NetlinkNames) => readonly T[]): T[] => [...new Set(units.flatMap(of))];
  return {
    families: all((n) => n.families),
    commands: all((n) => n.commands),
    links: all((n) => n.links),
    disciplines: all((n) => n.disciplines),
    classifiers: all((n) => n.classifiers),
    actions: all((n) => n.actions),
    policies: all((n) => n.policies),
  };
}
