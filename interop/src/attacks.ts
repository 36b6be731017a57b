import { message, messageLike } from "@capnweb/testkit/arbitraries";
import { ANNOUNCEMENT_ID, MESSAGE_TAGS, TAGS } from "@capnweb/wire";
import fc from "fast-check";
import type { Implementation } from "./implementation.ts";
import { runInMemory } from "./run-in-memory.ts";
import { scenarios } from "./scenarios/index.ts";

/**
 * A frame that a session's transport hands in: text, or anything else in breach of the contract.
 */
export type Message = unknown;

/** The frames of both sides in all scenarios: sensible ones, for later mutation. */
export async function collectCorpus(
  implementation: Implementation,
): Promise<Readonly<Record<"client" | "server", readonly string[]>>> {
  const said = { client: new Set<string>(), server: new Set<string>() };
  for (const scenario of scenarios) {
    const { sent } = await runInMemory(scenario, implementation, implementation);
    for (const side of ["client", "server"] as const) {
      for (const message of sent[side]) {
        // Leaves out the ends of sessions, and bytes, which `raw` has enough of.
        if (typeof message !== "string" || message.startsWith("(")) continue;
        if (message.length < 2000) said[side].add(message);
      }
    }
  }
  return { client: [...said.client], server: [...said.server] };
}

type Mutation = (message: string, random: number) => string;

const ALL_TAGS = [...MESSAGE_TAGS, ...TAGS];

const MUTATIONS: readonly Mutation[] = [
  (message) => message,
  (message) => message,
  (message) => message,
  // Another id.
  (message, random) => message.replace(/-?\d+/, String((random % 9) - 4)),
  (message, random) => message.replace(/(-?\d+)(?!.*\d)/, String((random % 9) - 4)),
  // Another tag.
  (message, random) => message.replace(/"[a-z]+"/, `"${ALL_TAGS[random % ALL_TAGS.length]}"`),
  // A byte changed or removed, or everything after it cut off.
  (message, random) => {
    const at = random % message.length;
    return message.slice(0, at) + String.fromCharCode(32 + (random % 95)) + message.slice(at + 1);
  },
  (message, random) => {
    const at = random % message.length;
    return message.slice(0, at) + message.slice(at + 1);
  },
  (message, random) => message.slice(0, random % message.length),
];

/** A message of an attack, and whether the attacker waits after it. */
export interface Blow {
  readonly message: Message;
  readonly pause: boolean;
}

/**
 * Sensible messages, most of them mutated. Half of the attacks start with an announcement of
 * extensions, if the corpus has one. The corpus may be filled later.
 */
export function mutated(corpus: () => readonly string[]): fc.Arbitrary<Blow[]> {
  const blow = fc
    .tuple(fc.nat(), fc.constantFrom(...MUTATIONS), fc.nat())
    .map(([which, mutate, random]) => {
      const messages = corpus();
      return {
        message: mutate(messages[which % messages.length]!, random),
        pause: random % 3 === 0,
      };
    });
  const blows = fc.array(blow, { minLength: 1, maxLength: 12 });
  return fc.tuple(blows, fc.boolean()).map(([rest, announces]) => {
    const message = corpus().find((each) => each.startsWith(ANNOUNCEMENT));
    return announces && message !== undefined ? [{ message, pause: false }, ...rest] : rest;
  });
}

const ANNOUNCEMENT = `["reject",${ANNOUNCEMENT_ID},`;

/** Well-formed messages, in a senseless order. */
export const wellFormed: fc.Arbitrary<Blow[]> = fc.array(
  fc.record({ message: message.map((tree) => JSON.stringify(tree)), pause: fc.boolean() }),
  { minLength: 1, maxLength: 8 },
);

/** Bytes, raw and as text, and JSON that looks like messages, most of it malformed. */
export const raw: fc.Arbitrary<Blow[]> = fc.array(
  fc.record({
    message: fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => new TextDecoder("latin1").decode(bytes)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => new TextDecoder().decode(bytes)),
      fc.json(),
      messageLike.map((tree) => JSON.stringify(tree)),
    ),
    pause: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);
