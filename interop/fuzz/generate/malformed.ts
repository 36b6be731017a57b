import { MESSAGE_TAGS, TAGS } from "@capnweb/wire";
import type { Random } from "../random.ts";
import { plain } from "./plain.ts";

const FIRST_ELEMENTS = [...TAGS, "unknown", "__proto__", "fuzz:box"];

const OPERANDS: readonly ((random: Random) => unknown)[] = [
  (random) => random.int(9) - 4,
  () => 0.5,
  () => "",
  () => "9".repeat(20_000),
  () => null,
  () => [],
  () => [[]],
  () => ({}),
  (random) => plain(random, 2),
  (random) => malformed(random),
];

/** A tree that looks like an expression. */
export function malformed(random: Random): unknown {
  const choice = random.next();
  if (choice < 0.04) return nested(random.pick([200, 255, 256, 300, 600]), random.int(3));
  if (choice < 0.1) return [];
  const operands = Array.from({ length: random.int(4) }, () => random.pick(OPERANDS)(random));
  return choice < 0.2 ? operands : [random.pick(FIRST_ELEMENTS), ...operands];
}

/** A tree as deep as a limit, or deeper. */
function nested(depth: number, kind: number): unknown {
  let tree: unknown = 0;
  for (let i = 0; i < depth; i++) {
    if (kind === 0) tree = [[tree]];
    else if (kind === 1) tree = { a: tree };
    else tree = ["pipeline", 0, ["echo"], [tree]];
  }
  return tree;
}

const MESSAGES = [...MESSAGE_TAGS, "x"];

/** A tree that looks like a message. */
export function malformedMessage(random: Random): unknown {
  const operands = Array.from({ length: random.int(4) }, () => random.pick(OPERANDS)(random));
  return random.chance(0.2) ? operands : [random.pick(MESSAGES), ...operands];
}

/** A text in which a part is changed, removed, doubled, or cut off. */
export function mutate(random: Random, text: string): string {
  const at = random.int(text.length + 1);
  const end = at + random.int(8);
  switch (random.int(6)) {
    case 0:
      return text.slice(0, at) + String.fromCharCode(32 + random.int(95)) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + text.slice(end);
    case 2:
      return text.slice(0, end) + text.slice(at);
    case 3:
      return text.slice(0, at);
    case 4:
      return text.replace(/-?\d+/, () => String(random.int(9) - 4));
    default:
      return text.replace(/"[a-z]+"/, () => `"${random.pick(FIRST_ELEMENTS)}"`);
  }
}
