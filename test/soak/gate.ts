/**
 * `npm run soak:gate [-- ROUNDS [SEED]]`: a crate of functions that call one another, some printed with mistakes, one of which is edited
 * each round. A search that begins with the verdicts of the rounds before settles on the very same forms as one that knows nothing.
 */
import assert from "node:assert/strict";
import { contentKey } from "../../src/machine/cache.ts";
import { Verdicts } from "../../src/stages/gate/verdicts.ts";
import { ownCache, settled } from "../stages/gate/crate.ts";

const rounds = Number(process.argv[2] ?? 30);
const seed = process.argv[3] ?? String(Date.now());
process.stdout.write(`${rounds} rounds, seed ${seed}\n`);

let drawn = 0;
/** One of so many, the same for the same seed. */
function chance(of: number): number {
  return parseInt(contentKey([seed, String(drawn++)]).slice(0, 8), 16) % of;
}

const FUNCTIONS = 9;
/** What becomes of a printed text: most are right. */
const MISTAKES = ["right", "right", "right", "constant", "type", "volatile"] as const;
const ATTRIBUTES = ["", "#[inline(always)]\n", "#[inline(never)]\n", "#[unsafe(no_mangle)]\npub "] as const;

interface Drawn {
  attribute: (typeof ATTRIBUTES)[number];
  constant: number;
  /** Numbers of the functions that it calls: later ones, so that none calls itself. */
  calls: number[];
  forms: (typeof MISTAKES)[number][];
  comment: number;
}

function draw(n: number): Drawn {
  const calls = Array.from({ length: chance(3) }, () => n + 1 + chance(FUNCTIONS - n)).filter((c) => c < FUNCTIONS);
  return {
    attribute: n === 0 ? ATTRIBUTES[3] : (ATTRIBUTES[chance(ATTRIBUTES.length)] as Drawn["attribute"]),
    constant: chance(50),
    calls,
    forms: Array.from({ length: 1 + chance(3) }, () => MISTAKES[chance(MISTAKES.length)] as Drawn["forms"][number]),
    comment: 0,
  };
}

function text(n: number, { attribute, constant, calls }: Drawn, form?: Drawn["forms"][number], comment = 0): string {
  const value =
    [`outside(a.wrapping_add(${form === "constant" ? constant + 1 : constant}))`, ...calls.map((c) => `f${c}(a)`)].join(
      ".wrapping_add(",
    ) + ")".repeat(calls.length);
  const read = form === "volatile" ? "*(&raw const a)" : "::core::ptr::read_volatile(&raw const a)";
  const whole = form === "type" ? `(${value}) as u64` : value;
  const result =
    form === undefined
      ? `return ${read}.wrapping_mul(${whole});`
      : `${comment > 0 ? `// ${comment}\n    ` : ""}${read}.wrapping_mul(${whole})`;
  return `${attribute}unsafe extern "C" fn f${n}(a: u32) -> u32 {\n    ${result}\n}`;
}

const drawnNow = Array.from({ length: FUNCTIONS }, (_, n) => draw(n));
const { known } = Verdicts.prototype;
await using _cache = await ownCache();
const counts = { kept: 0, computed: 0, refused: 0 };
for (let round = 1; round <= rounds; round++) {
  const n = chance(FUNCTIONS);
  const before = drawnNow[n] as Drawn;
  drawnNow[n] = chance(4) === 0 ? { ...before, comment: before.comment + 1 } : { ...draw(n), comment: before.comment };
  const functions = Object.fromEntries(drawnNow.map((d, i) => [`f${i}`, text(i, d)]));
  const forms = Object.fromEntries(
    drawnNow.map((d, i) => [`f${i}`, [...new Set(d.forms.map((f) => text(i, d, f, d.comment)))]]),
  );
  const kept = await settled(functions, forms);
  Verdicts.prototype.known = async () => new Map();
  const computed = await settled(functions, forms);
  Verdicts.prototype.known = known;
  counts.kept += kept.compilations;
  // What it compiles besides is known of the other search.
  counts.computed += computed.written + 1;
  counts.refused += [...computed.settled.values()].filter((s) => !("form" in s) || s.form > 0).length;
  assert.deepEqual([...kept.settled], [...computed.settled], `round ${round}, seed ${seed}`);
  process.stdout.write(`round ${round}: ${JSON.stringify(counts)}\n`);
}
assert.ok(counts.refused > 0 && counts.kept < counts.computed, "mistakes were made, and verdicts used");
