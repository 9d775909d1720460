/** A loop that goes from object to object, and one that goes from link to link of the same list: at each step one is so much more than the other. */
import { before, describe } from "node:test";
import type { ProofTools } from "../../../src/stages/prove/compared.ts";
import { testCases } from "./pairs.ts";
import { z3Here } from "./z3.ts";

let solver: NonNullable<ProofTools["solver"]>;
before(async () => (solver = await z3Here()));

const DECLARED = "declare void @show(ptr)\n";

const BY_OBJECT = `  %first = load ptr, ptr %p
  %e0 = getelementptr i8, ptr %first, i64 -8
  br label %head
head:
  %e = phi ptr [ %e0, %0 ], [ %e1, %body ]
  %l = getelementptr i8, ptr %e, i64 8
  %end = icmp eq ptr %l, %p
  br i1 %end, label %out, label %body
body:
  call void @show(ptr %e)
  %next = load ptr, ptr %l
  %e1 = getelementptr i8, ptr %next, i64 -8
  br label %head
out:
  ret i32 0`;

const BY_LINK = `  %l0 = load ptr, ptr %p
  br label %head
head:
  %l = phi ptr [ %l0, %0 ], [ %l1, %body ]
  %end = icmp eq ptr %l, %p
  br i1 %end, label %out, label %body
body:
  %e = getelementptr i8, ptr %l, i64 -8
  call void @show(ptr %e)
  %l1 = load ptr, ptr %l
  br label %head
out:
  ret i32 0`;

/** The links, with one thing done in another way. */
function but(what: string, from: string, to: string): { what: string; rust: string; proved: false } {
  if (!BY_LINK.includes(from)) throw new Error(`there is no ${from}`);
  return { what, rust: BY_LINK.replace(from, to), proved: false };
}

describe("values that are so far from each other", () => {
  testCases(
    [
      { what: "objects and links", rust: BY_LINK, proved: true as const },
      but("the object is another part", "i64 -8", "i64 -16"),
      but("the first object is left out", "[ %l0, %0 ]", "[ %p, %0 ]"),
      but(
        "the first is another place",
        "%l0 = load ptr, ptr %p",
        "%f = load ptr, ptr %p\n  %l0 = getelementptr i8, ptr %f, i64 8",
      ),
      but(
        "each next one is another place",
        "%l1 = load ptr, ptr %l",
        "%x = load ptr, ptr %l\n  %l1 = getelementptr i8, ptr %x, i64 8",
      ),
      but(
        "the next one is read elsewhere",
        "%l1 = load ptr, ptr %l",
        "%x = getelementptr i8, ptr %l, i64 8\n  %l1 = load ptr, ptr %x",
      ),
      but("it stays where it is", "%l1 = load ptr, ptr %l", "%l1 = getelementptr i8, ptr %l, i64 0"),
      but(
        "it ends elsewhere",
        "%end = icmp eq ptr %l, %p",
        "%x = getelementptr i8, ptr %p, i64 8\n  %end = icmp eq ptr %l, %x",
      ),
      but("it ends at once where it went on", "label %out, label %body", "label %body, label %out"),
      but(
        "the next one is read before the object is shown",
        "  call void @show(ptr %e)\n  %l1 = load ptr, ptr %l",
        "  %l1 = load ptr, ptr %l\n  call void @show(ptr %e)",
      ),
    ].map((c) => ({ ...c, c: BY_OBJECT, around: DECLARED })),
    () => solver,
  );
});
