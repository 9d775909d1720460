/** Reads a file of the crate: its names, and the functions that are defined in it. */
import { parseRust } from "../../rust/parse.ts";
import type { SyntaxNode } from "@lezer/common";
import { addressesAsked } from "./null-checks.ts";
import { NAMED, type RustType, UNIT } from "./rust-type.ts";
import { Environment, type FunctionItem, type Signature, type Static } from "./environment.ts";

/** The environment of one file, and the functions that are defined in it, in order. */
export function readCrateFile(
  text: string,
  fallback?: Environment,
): { environment: Environment; functions: FunctionItem[] } {
  const environment = new Environment(fallback);
  const functions: FunctionItem[] = [];
  const reader = new Reader(text);
  for (const item of children(parseRust(text).topNode)) reader.item(item, environment, functions, false);
  return { environment, functions };
}

function children(n: SyntaxNode): SyntaxNode[] {
  const out: SyntaxNode[] = [];
  for (let c = n.firstChild; c; c = c.nextSibling) out.push(c);
  return out;
}

class Reader {
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  private of(n: SyntaxNode | null | undefined): string {
    return n ? this.text.slice(n.from, n.to) : "";
  }

  item(n: SyntaxNode, env: Environment, functions: FunctionItem[], foreign: boolean, from = n.from): void {
    switch (n.name) {
      case "AttributeItem": {
        const inner = n.lastChild;
        if (inner) this.item(inner, env, functions, foreign, n.from);
        return;
      }
      case "ForeignModItem":
        for (const c of children(n.getChild("DeclarationList") ?? n)) this.item(c, env, functions, true);
        return;
      case "TypeItem": {
        const name = this.of(n.getChild("TypeIdentifier"));
        const [, type] = children(n).filter((c) => isType(c.name));
        if (type) env.aliases.set(name, this.type(type));
        else env.opaque.add(name);
        return;
      }
      case "ConstItem":
      case "StaticItem": {
        const name = this.of(n.getChild("BoundIdentifier"));
        const type = children(n).find((c) => isType(c.name));
        if (!type) return;
        if (n.name === "ConstItem") env.constants.set(name, this.type(type));
        else env.statics.set(name, this.variable(n, type));
        return;
      }
      case "StructItem":
      case "UnionItem": {
        const fields = new Map<string, RustType>();
        for (const f of n.getChild("FieldDeclarationList")?.getChildren("FieldDeclaration") ?? []) {
          const type = children(f).findLast((c) => isType(c.name));
          if (type) fields.set(this.of(f.getChild("FieldIdentifier")), this.type(type));
        }
        env.records.set(this.of(n.getChild("TypeIdentifier")), {
          fields,
          accessors: new Map(),
          union: n.name === "UnionItem",
        });
        return;
      }
      case "ImplItem": {
        const record = env.records.get(this.of(n.getChild("TypeIdentifier")));
        for (const c of children(n.getChild("DeclarationList") ?? n)) {
          const f = c.name === "AttributeItem" ? c.lastChild : c;
          if (f?.name === "FunctionItem")
            record?.accessors.set(this.of(f.getChild("BoundIdentifier")), this.signature(f, false).result);
        }
        return;
      }
      case "FunctionItem": {
        const name = this.of(n.getChild("BoundIdentifier"));
        const signature = this.signature(n, foreign);
        env.functions.set(name, signature);
        if (!foreign)
          functions.push({
            name,
            from,
            to: n.to,
            head: this.text.slice(from, n.getChild("fn")?.from ?? from),
            signature,
            statics: this.staticsIn(n),
            unnamed: this.unnamedIn(n),
            asked: addressesAsked(n, this.text),
          });
      }
    }
  }

  private variable(n: SyntaxNode, type: SyntaxNode): Static {
    const held = this.held(type);
    return {
      type: this.type(held ?? type),
      mutable: n.getChild("mut") !== null,
      ...(held ? { held: true } : {}),
    };
  }

  /** What a `kport_constant<T>` holds. */
  private held(n: SyntaxNode): SyntaxNode | undefined {
    if (n.name !== "GenericType" || this.of(n.getChild("TypeIdentifier")) !== "kport_constant") return undefined;
    return children(n.getChild("TypeArgList") ?? n).find((c) => isType(c.name));
  }

  private staticsIn(n: SyntaxNode): FunctionItem["statics"] {
    const found: FunctionItem["statics"] = [];
    n.cursor().iterate((c) => {
      if (c.name !== "StaticItem") return true;
      const item = c.node;
      const outer = item.parent?.name === "AttributeItem" ? item.parent : item;
      const type = children(item).find((x) => isType(x.name));
      if (type)
        found.push({
          name: this.of(item.getChild("BoundIdentifier")),
          text: this.text.slice(outer.from, outer.to),
          ...this.variable(item, type),
        });
      return false;
    });
    return found;
  }

  /** Variables of the types that c2rust had to find a name for. */
  private unnamedIn(n: SyntaxNode): FunctionItem["unnamed"] {
    const found: { name: string; type: RustType }[] = [];
    n.cursor().iterate((c) => {
      if (c.name !== "LetDeclaration") return;
      const type = children(c.node).find((x) => isType(x.name));
      if (type && this.of(type).includes("C2RustUnnamed"))
        found.push({ name: this.of(c.node.getChild("BoundIdentifier")), type: this.type(type) });
    });
    return found;
  }

  private signature(n: SyntaxNode, foreign: boolean): Signature {
    const list = n.getChild("ParamList");
    const parameters = (list?.getChildren("Parameter") ?? []).flatMap((p) => {
      const type = children(p).findLast((c) => isType(c.name));
      return type ? [{ name: this.of(p.getChild("BoundIdentifier")) || "_", type: this.type(type) }] : [];
    });
    const variadic =
      list?.getChild("VariadicParameter") != null ||
      (list?.getChildren("Parameter") ?? []).some((p) => p.getChild("...") !== null);
    const arrow = n.getChild("->");
    return { parameters, result: arrow?.nextSibling ? this.type(arrow.nextSibling) : UNIT, variadic, foreign };
  }

  type(n: SyntaxNode): RustType {
    switch (n.name) {
      case "TypeIdentifier":
      case "ScopedTypeIdentifier": {
        const name = this.of(n.name === "TypeIdentifier" ? n : n.lastChild);
        return NAMED.get(name) ?? (/^Va(?:List|ListImpl)$/.test(name) ? { k: "va_list" } : { k: "record", name });
      }
      case "UnitType":
        return UNIT;
      case "EmptyType":
        return { k: "never" };
      case "PointerType": {
        const to = children(n).findLast((c) => isType(c.name));
        return to
          ? { k: "pointer", mutable: n.getChild("mut") !== null, to: this.type(to) }
          : { k: "other", text: this.of(n) };
      }
      case "ArrayType": {
        const parts = children(n);
        const of = parts.find((c) => isType(c.name));
        const length = parts[parts.findIndex((c) => c.name === ";") + 1];
        const whole = length?.name === "Integer" ? length : length?.getChild("Integer");
        return of && whole
          ? { k: "array", of: this.type(of), length: String(Number(this.of(whole).replaceAll("_", ""))) }
          : { k: "other", text: this.of(n) };
      }
      case "GenericType": {
        const inner = n.getChild("TypeArgList")?.getChild("FunctionType");
        return this.of(n.getChild("TypeIdentifier")) === "Option" && inner
          ? { ...this.functionType(inner), bare: false }
          : { k: "other", text: this.of(n) };
      }
      case "FunctionType":
        return this.functionType(n);
      default:
        return { k: "other", text: this.of(n) };
    }
  }

  private functionType(n: SyntaxNode): RustType & { k: "function" } {
    const { parameters, result, variadic } = this.signature(n, false);
    return { k: "function", parameters: parameters.map((p) => p.type), result, variadic, bare: true };
  }
}

function isType(name: string): boolean {
  return /Type$|TypeIdentifier$/.test(name);
}
