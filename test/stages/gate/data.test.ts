/** Data objects of two compilations: the same bytes in other directives, other bytes, other names. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dataOf } from "../../../src/stages/gate/data-bytes.ts";
import { readAssembly, readByContents } from "../../../src/stages/gate/symbol-code.ts";

const object = (label: string, lines: string, section = '\t.section\t.rodata,"a",@progbits', more = ""): string =>
  `\t.type\t${label},@object\n${more}${section}\n\t.p2align\t2\n${label}:\n${lines}\t.size\t${label}, 8\n\n`;
const held = (lines: string, section?: string): string | undefined =>
  readAssembly(object("o", lines, section)).get("o");

test("the same bytes in other directives are the same object", () => {
  assert.equal(held("\t.zero\t28\n\t.zero\t4\n"), held("\t.zero\t32\n"));
  assert.equal(held("\t.long\t1\n\t.byte\t2\n\t.zero\t3\n"), held("\t.quad\t0x200000001\n"));
  assert.equal(held('\t.asciz\t"ab\\n"\n'), held('\t.ascii\t"ab\\012\\000"\n'));
  assert.equal(held("\t.short\t-1\n"), held("\t.byte\t255\n\t.byte\t255\n"));
});

test("another byte, length, reference, section or alignment is another object", () => {
  assert.notEqual(held("\t.long\t1\n"), held("\t.long\t2\n"));
  assert.notEqual(held("\t.zero\t32\n"), held("\t.zero\t31\n"));
  assert.notEqual(held('\t.asciz\t"ab"\n'), held('\t.ascii\t"ab"\n'));
  assert.notEqual(held("\t.quad\tfirst\n\t.quad\tsecond\n"), held("\t.quad\tsecond\n\t.quad\tfirst\n"));
  assert.notEqual(held("\t.quad\tfirst\n"), held("\t.quad\tfirst+8\n"));
  assert.notEqual(held("\t.quad\tfirst\n"), held("\t.zero\t8\n"));
  assert.notEqual(held("\t.long\t1\n"), held("\t.long\t1\n", '\t.section\t.init.rodata,"a",@progbits'));
  assert.notEqual(
    held("\t.long\t1\n"),
    readAssembly(object("o", "\t.long\t1\n").replace("p2align\t2", "p2align\t3")).get("o"),
  );
});

test("what is no number stays in its place among the bytes", () => {
  assert.deepEqual(dataOf(["\t.long\t1", "\t.quad\tname", "\t.zero\t9", "\t.byte\t7"]), [
    "bytes 01000000",
    "\t.quad\tname",
    "bytes zero 9",
    "bytes 07",
  ]);
});

const NAMES = {
  param: "_RNvNtCs1_1k1u5param",
  other: "_RNvNvNtCs1_1k1u1_3any",
  a: "_RNvNtCs1_1k1u1a",
  b: "_RNvNtCs1_1k1u1b",
};
const WRITABLE = '\t.section\t.data,"aw",@progbits';
const byContents = (assembly: string): Record<string, string> => Object.fromEntries(readByContents(assembly));

test("an object that nothing writes may have another name", () => {
  const named = (name: string, text = '\t.asciz\t"license=GPL"\n'): string =>
    object(name, text, '\t.section\t.modinfo,"a",@progbits');
  assert.deepEqual(byContents(named(NAMES.param)), byContents(named(NAMES.other)));
  assert.notDeepEqual(
    Object.keys(Object.fromEntries(readAssembly(named(NAMES.param)))),
    Object.keys(Object.fromEntries(readAssembly(named(NAMES.other)))),
  );
  // Two of the same are two.
  assert.notDeepEqual(byContents(named(NAMES.param)), byContents(named(NAMES.param) + named(NAMES.other)));
  assert.notDeepEqual(byContents(named(NAMES.param)), byContents(named(NAMES.other, '\t.asciz\t"license=MIT"\n')));
});

test("one that others refer to is what it holds there; one that is written keeps its name", () => {
  const table = (to: string): string => `\t.globl\ttable\n${object("table", `\t.quad\t${to}\n`)}`;
  const constant = (name: string, value: number): string => object(name, `\t.long\t${value}\n`);
  assert.deepEqual(
    byContents(table(NAMES.a) + constant(NAMES.a, 1)),
    byContents(table(NAMES.b) + constant(NAMES.b, 1)),
  );
  assert.notDeepEqual(
    byContents(table(NAMES.a) + constant(NAMES.a, 1)),
    byContents(table(NAMES.a) + constant(NAMES.a, 2)),
  );
  // Two variables that begin with the same value are not one for the other.
  const variables = object(NAMES.a, "\t.long\t0\n", WRITABLE) + object(NAMES.b, "\t.long\t0\n", WRITABLE);
  assert.notDeepEqual(
    byContents(table(NAMES.a) + table(NAMES.b).replaceAll("table", "second") + variables),
    byContents(table(NAMES.b) + table(NAMES.a).replaceAll("table", "second") + variables),
  );
});

test("a name that the linker sees is a part of the object", () => {
  const exported = (name: string): string => `\t.globl\t${name}\n${object(name, "\t.long\t1\n")}`;
  assert.notDeepEqual(byContents(exported("shown")), byContents(exported("other")));
});

test("an alignment in a section without a label is none of the next object's", () => {
  const entries = '\t.section\t__patchable_function_entries,"awo",@progbits,f\n\t.p2align\t3, 0x0\n\t.quad\t.Ltmp1\n\n';
  assert.equal(readAssembly(entries + object("o", "\t.long\t1\n")).get("o"), held("\t.long\t1\n"));
  // Its own is a part of it.
  assert.notEqual(held("\t.long\t1\n", '\t.section\t.rodata,"a",@progbits\n\t.p2align\t3'), held("\t.long\t1\n"));
});

const LITERALS = {
  // c2rust's: variables of the unit.
  read: "_RNvNtCs1_1k1u9b_literal",
  written: "_RNvNtCs1_1k1u11a_literal_1",
  // Printed: beside the pointer.
  beside: "_RNvNvNtCs1_1k1u1a7literal",
};
const inMergeable = '\t.section\t.rodata.cst8,"aM",@progbits,8';

test("a literal that C has no name for is the one that a variable points to, whatever it is called", () => {
  const table = (name: string): string => object(NAMES.b, `\t.long\t7\n\t.quad\t${name}\n`);
  const one = "\t.long\t5\n\t.long\t0\n";
  const c2rusts = table(LITERALS.read) + object(LITERALS.read, one);
  const printed = table(".Lanon.0") + object(".Lanon.0", one, inMergeable);
  assert.deepEqual(Object.fromEntries(readAssembly(c2rusts)), Object.fromEntries(readAssembly(printed)));
  assert.notDeepEqual(
    Object.fromEntries(readAssembly(c2rusts)),
    Object.fromEntries(readAssembly(printed.replace("\t.long\t5", "\t.long\t6"))),
  );
});

test("one that something may write is told by who points to it, and stays apart from others of what it holds", () => {
  const written = (first: string, second: string): Record<string, string> =>
    Object.fromEntries(
      readAssembly(
        object(NAMES.a, `\t.quad\t${first}\n\t.quad\t${second}\n`, WRITABLE) +
          object(first, "\t.zero\t8\n", WRITABLE) +
          (second === first ? "" : object(second, "\t.zero\t8\n", WRITABLE)),
      ),
    );
  const other = `${LITERALS.written.replace("11a_", "11c_")}`;
  assert.deepEqual(written(LITERALS.beside, other), written(LITERALS.written, other));
  assert.notDeepEqual(written(LITERALS.written, LITERALS.written), written(LITERALS.written, other));
});
