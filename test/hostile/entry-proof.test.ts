/** A module that is written against kport's own look at its code: what lays two functions side by side, and asks a solver, ends. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dataOf } from "../../src/stages/gate/data-bytes.ts";
import { contentsOf } from "../../src/stages/prove/ir/layout.ts";
import { type IrFunction, Unsupported } from "../../src/stages/prove/ir/model.ts";
import { printFunction } from "../../src/stages/prove/ir/print.ts";
import { IrModule } from "../../src/stages/prove/ir/read-module.ts";
import { lockstep } from "../../src/stages/prove/lockstep.ts";
import { obligationsOf } from "../../src/stages/prove/obligations.ts";
import { Different } from "../../src/stages/prove/pairing.ts";
import { smtOf } from "../../src/stages/prove/smt.ts";
import { solve } from "../../src/stages/prove/solver.ts";
import { Terms } from "../../src/stages/prove/terms.ts";

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");

function read(body: string, besides = ""): IrFunction {
  return new IrModule(`${besides}\ndefine i64 @f(ptr %p, i64 %n) {\n${body}\n}\n`).function("f") as IrFunction;
}

/** Both ways of looking at two functions, as the stage does it. @returns what each came to */
function looked(c: string, rust: string): string[] {
  return [lockstep, obligationsOf].map((look) => {
    try {
      const task = look(read(c), read(rust));
      return task === undefined ? "same" : `${smtOf(task, 1).length > 0 ? "asked" : ""}`;
    } catch (error) {
      if (!(error instanceof Different || error instanceof Unsupported || error instanceof RangeError)) throw error;
      return error instanceof Different ? "different" : error.message;
    }
  });
}

/** Functions that are the same but for their last number, so that all of both is looked at. */
function pair(body: (last: number) => string): [string, string] {
  return [body(1), body(2)];
}

describe("a function that is written to be looked at for ever", { timeout: 120_000 }, () => {
  it("has a type of two to the thirtieth parts", () => {
    const types = `%t0 = type { i32, i32 }\n${lines(30, (i) => `%t${i + 1} = type { %t${i}, %t${i} }`)}`;
    assert.throws(
      () => printFunction(read("%a = getelementptr %t30, ptr %p, i64 0, i32 1\nret i64 0", types), ["", ""]),
      (e) => e instanceof Unsupported && /more than 20000 parts/.test(e.message),
    );
    assert.match(
      printFunction(read("%a = getelementptr %t9, ptr %p, i64 0, i32 1\nret i64 0", types), ["", ""]),
      /i32/,
    );
  });

  /** @param first where the number comes from */
  const multiplied =
    (first: string) =>
    (last: number): string =>
      `%v = alloca i64\n%x0 = ${first}\n${lines(60, (i) => `%x${i + 1} = mul i64 %x${i}, %x${i}`)}\n%a = getelementptr i8, ptr %p, i64 %x60\nstore i64 1, ptr %v\n%l = load i64, ptr %a\nstore volatile i64 %l, ptr %v\nret i64 ${last}`;
  it("multiplies a number by itself sixty times, and takes it for an address", () =>
    assert.deepEqual(looked(...pair(multiplied("load volatile i64, ptr %p"))), ["different", "asked"]));

  it("multiplies by itself what may be made of a variable's address", () =>
    assert.deepEqual(looked(...pair(multiplied("call i64 @take(ptr %v)"))), ["different", "asked"]));

  it("returns early in six thousand places", () => {
    const body = (last: number): string =>
      `br label %b0\n${lines(6000, (i) => `b${i}:\n%v${i} = load i64, ptr %p\n%c${i} = icmp eq i64 %v${i}, ${i}\nstore i64 ${i}, ptr %p\nbr i1 %c${i}, label %r${i}, label %b${i + 1}\nr${i}:\nret i64 ${i}`)}\nb6000:\nret i64 ${last}`;
    assert.deepEqual(looked(...pair(body)), ["different", "too large to be laid side by side"]);
  });

  it("passes fifteen hundred values round a loop", () => {
    const count = 1500;
    const body = (last: number): string =>
      `br label %loop\nloop:\n${lines(count, (i) => `%x${i} = phi i64 [ 0, %0 ], [ %${i + 1 < count ? `x${i + 1}` : "y"}, %loop ]`)}\n%y = load volatile i64, ptr %p\n%c = icmp eq i64 %x0, %n\nbr i1 %c, label %end, label %loop\nend:\nret i64 ${last}`;
    for (const came of looked(...pair(body))) assert.match(came, /different|too large/);
  });

  it("has a thousand variables of its own, and accesses without end", async () => {
    const terms = new Terms();
    const names = Array.from({ length: 1000 }, (_, i) => `variable of 8 bytes #${i}`);
    const own = names.map((n) => terms.make(n, [], 64));
    const task = {
      terms,
      obligations: [
        {
          path: [],
          a: terms.sum(
            64,
            own.map((t) => [t, 1n] as const),
          ),
          b: terms.int(64, 0n),
          what: "it",
        },
      ],
      variables: new Map(names.map((n) => [n, 8])),
      foreign: own.map((address) => ({ path: [], address, bytes: 8 })),
    };
    assert.throws(() => smtOf(task, 1), RangeError);
    assert.equal(
      await solve(task, { path: "z3-that-is-not-asked", sandbox: { writable: [] } }),
      "too large for the solver",
    );
  });

  it("computes with what is computed of everything, which is said in a few words", () => {
    const terms = new Terms();
    let level = Array.from({ length: 300 }, (_, i) => terms.make(`value ${i}`, [], 64));
    for (let depth = 0; depth < 4; depth++) level = level.map((_, i) => terms.make(`call ${i}`, level, 64));
    assert.ok(terms.show(level[0] as number).length < 100_000);
  });
});

describe("an object that is written to be held in memory", () => {
  it("has more bytes than there are", () => {
    const array = (bytes: number) => ({
      type: { kind: "array" as const, count: bytes, of: { kind: "int" as const, bits: 8 } },
      value: { kind: "zero" as const },
    });
    assert.throws(() => contentsOf(array(2 ** 40)), Unsupported);
    assert.equal(contentsOf(array(1024)).bytes.length, 1024);
  });

  it("is zeros without end, which are counted", () => {
    // More than an array holds.
    assert.deepEqual(dataOf(["\t.zero\t90000000000000", "\t.byte\t0", "\t.zero\t90000000000000", "\t.byte\t1"]), [
      "bytes zero 180000000000001",
      "bytes 01",
    ]);
  });
});
