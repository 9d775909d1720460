/** Which nodes a node is made of. */
import type { Node } from "./schema.ts";

/** The nodes below a node, in the order they stand in; what a `declare` declares has its initialisers in the declarations. */
export function childrenOf(n: Node): number[] {
  switch (n.k) {
    case "member":
      return [n.base];
    case "subscript":
      return [n.base, n.index];
    case "unary":
    case "cast":
    case "va_arg":
    case "evaluate":
    case "computed-goto":
      return [n.of];
    case "binary":
    case "assignment":
      return [n.left, n.right];
    case "conditional":
      return present(n.condition, n.then, n.else);
    case "call":
      return [n.callee, ...n.arguments];
    case "sizeof":
    case "return":
      return present(n.of);
    case "offsetof":
      return n.steps.flatMap((s) => ("index" in s ? [s.index] : []));
    case "compound-literal":
      return [n.initialiser];
    case "list":
      return present(...n.items, n.rest);
    case "statement-expression":
    case "default":
    case "label":
      return [n.body];
    case "atomic":
    case "asm":
      return n.operands;
    case "other-expression":
    case "other-statement":
      return n.children;
    case "block":
      return n.body;
    case "if":
      return present(n.condition, n.then, n.else);
    case "while":
      return [n.condition, n.body];
    case "do":
      return [n.body, n.condition];
    case "for":
      return present(n.init, n.condition, n.step, n.body);
    case "switch":
      return [n.of, n.body];
    case "case":
      return present(n.low, n.high, n.body);
    case "integer":
    case "character":
    case "floating":
    case "string":
    case "reference":
    case "zero":
    case "label-address":
    case "types-compatible":
    case "declare":
    case "break":
    case "continue":
    case "goto":
    case "empty":
      return [];
  }
}

function present(...nodes: (number | undefined)[]): number[] {
  return nodes.filter((n) => n !== undefined);
}
