import { ALL_DOCUMENTS, DepthError, deserialize, EncodeError, serialize } from "@capnweb/wire";
import { document } from "../generate/documents.ts";
import { expression } from "../generate/expression.ts";
import { Ids } from "../generate/ids.ts";
import { malformed, mutate } from "../generate/malformed.ts";
import { plain } from "../generate/plain.ts";
import type { Random } from "../random.ts";
import {
  type Fault,
  type Outcome,
  type Sequence,
  type Step,
  type Target,
  turn,
} from "../sequence.ts";
import { describe } from "../unhandled.ts";

/**
 * Texts of values. Any text that decodes has to encode to a text that decodes to the same value.
 */
export const codecTarget: Target = {
  name: "codec",

  generate(random) {
    return {
      variant: {},
      steps: Array.from({ length: 100 }, (): Step => ({ message: textOf(random) })),
    };
  },

  async run({ steps }: Sequence): Promise<Outcome> {
    const faults: Fault[] = [];
    let survived = false;
    for (const step of steps) {
      if (!("message" in step)) continue;
      try {
        survived = check(step.message as string, faults) || survived;
      } catch (error) {
        faults.push({ kind: "an error of the wrong kind", detail: describe(error) });
      }
    }
    await turn();
    return { faults, survived };
  },
};

function textOf(random: Random): string {
  const choice = random.next();
  if (choice < 0.005) return deep(random);
  const tree =
    choice < 0.4
      ? plain(random, 4)
      : choice < 0.6
        ? document(random, (each) => plain(each, 2))
        : choice < 0.8
          ? malformed(random)
          : expression(random, new Ids(false), 3);
  const text = JSON.stringify(tree);
  return random.chance(0.4) ? mutate(random, text) : text;
}

/** A text deeper than any limit, whole or cut off. */
function deep(random: Random): string {
  const depth = random.pick([100, 127, 128, 255, 256, 1_000, 20_000]);
  const [open, close] = random.pick([
    ["[[", "]]"],
    ['{"a":', "}"],
    ['["error","E","m",null,{"a":', "}]"],
    ["[", "]"],
  ] as const);
  return `${open.repeat(depth)}0${random.chance(0.8) ? close.repeat(depth) : ""}`;
}

/** @returns whether the text could be decoded */
function check(text: string, faults: Fault[]): boolean {
  let value: unknown;
  try {
    value = deserialize(text);
  } catch (error) {
    if (typeof (error as { code?: unknown }).code === "string") return false;
    throw error;
  }
  let again: string;
  try {
    again = serialize(value);
  } catch (error) {
    if (error instanceof DepthError) return true;
    // Bodies that are streams need a session.
    if (error instanceof EncodeError && text.includes('["re')) return true;
    throw error;
  }
  // An error may lose values that can't be encoded, but only once.
  const third = serialize(deserialize(again));
  const fourth = serialize(deserialize(third));
  if (fourth !== third) {
    faults.push({ kind: "a value changes on its way", detail: `\n${third}\n${fourth}` });
  }
  const fifth = serialize(deserialize(documentsOf(third)));
  if (fifth !== third) {
    faults.push({ kind: "a value changes in documents", detail: `\n${third}\n${fifth}` });
  }
  return true;
}

/** The same value, with documents. */
function documentsOf(text: string): string {
  return serialize(deserialize(text), { documents: ALL_DOCUMENTS });
}
