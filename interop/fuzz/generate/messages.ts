import { type Random, weighted } from "../random.ts";
import { context } from "./announcement.ts";
import { args, call, expression } from "./expression.ts";
import type { Ids } from "./ids.ts";
import { malformedMessage } from "./malformed.ts";
import { plain } from "./plain.ts";

type Kind = (random: Random, ids: Ids) => unknown[];

const pickKind = weighted<Kind>([
  [
    26,
    (random, ids) => {
      const message = [
        "push",
        random.chance(0.7) ? call(random, ids, 3) : expression(random, ids, 3),
      ];
      ids.push();
      return [message];
    },
  ],
  [
    10,
    (random, ids) => {
      const message = [
        "stream",
        random.chance(0.8) ? call(random, ids, 3) : expression(random, ids, 3),
      ];
      ids.sent++;
      return [message];
    },
  ],
  [14, (random, ids) => [["pull", ids.referred(random)]]],
  // A promise may resolve to a value that is, or refers to, the promise itself.
  [14, (random, ids) => [["resolve", ids.settled(random), expression(random, ids, 3)]]],
  [3, (random, ids) => [["reject", ids.settled(random), rejection(random, ids)]]],
  [
    9,
    (random, ids) => [["release", ids.released(random), random.chance(0.99) ? 1 : random.int(4)]],
  ],
  [3, (_, ids) => [pipe(ids)]],
  [5, write],
  [2, (random, ids) => [context(random, ids)]],
  [0.05, (random) => [["abort", plain(random, 2)]]],
  [0.06, (random) => [malformedMessage(random)]],
]);

/** One message, or several that belong together. */
export function messages(random: Random, ids: Ids): unknown[] {
  return pickKind(random)(random, ids);
}

function rejection(random: Random, ids: Ids): unknown {
  return random.chance(0.8) ? plain(random, 2) : expression(random, ids, 3);
}

function pipe(ids: Ids): unknown {
  ids.pipe();
  return ["pipe"];
}

/** A pipe, and operations on it: claimed, written, closed, claimed again. */
function write(random: Random, ids: Ids): unknown[] {
  const made: unknown[] = [];
  if (ids.pipes.length === 0 || random.chance(0.3)) made.push(pipe(ids));
  if (ids.pipes.length === 0) return made;
  const id = random.pick(ids.pipes);
  const claimed = random.chance(0.6) ? ids.claimed(random) : undefined;
  if (claimed !== undefined) {
    const method = random.pick(["read", "readOne", "size", "keep", "echo", "ignore", "hang"]);
    const readable = random.chance(0.3)
      ? ["blob", "", ["readable", claimed]]
      : ["readable", claimed];
    made.push(["push", ["pipeline", 0, [method], [readable]]]);
    ids.push();
  }
  for (let count = random.int(4); count > 0; count--) {
    made.push(["stream", ["pipeline", id, [random.pick(WRITER)], args(random, ids, 2)]]);
    ids.sent++;
  }
  return made;
}

const WRITER = ["write", "write", "write", "close", "abort", "x"];
