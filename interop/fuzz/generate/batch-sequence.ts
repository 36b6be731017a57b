import type { Random } from "../random.ts";
import type { Sequence, Step } from "../sequence.ts";
import { Ids } from "./ids.ts";
import { malformedMessage, mutate } from "./malformed.ts";
import { messages } from "./messages.ts";
import { bomb, story } from "./stories.ts";

/** The messages of a session without extensions, as texts. */
export function textSteps(random: Random, mild: boolean, most: number): Step[] {
  const ids = new Ids(false);
  const steps: Step[] = [];
  const add = (tree: unknown) => steps.push({ message: JSON.stringify(tree) });
  const length = 1 + random.int(most);
  while (steps.length < length) {
    const choice = random.next();
    if (choice < 0.002) add(malformedMessage(random));
    else if (choice < 0.004) {
      steps.push({ message: mutate(random, JSON.stringify(messages(random, ids)[0] ?? ["pipe"])) });
    } else if (choice < 0.06) for (const each of story(random, ids)) add(each);
    else if (choice < 0.0605 && !mild) for (const each of bomb(random, ids)) add(each);
    else for (const each of messages(random, ids)) add(each);
  }
  return steps;
}

/** A batch, and the way in which it reaches the server. */
export function batchSequence(random: Random, mild: boolean): Sequence {
  const variant = {
    server: random.chance(0.7) ? "fetch" : "node",
    method: random.chance(0.98) ? "POST" : random.pick(["GET", "OPTIONS", "PUT"]),
    newline: random.chance(0.95) ? "\n" : random.pick(["\r\n", "\n\n", "", "\u2028"]),
    /** The number of bytes after which the body breaks off. */
    cut: random.chance(0.95) ? undefined : random.int(500),
    limits: random.pick(["", "", "small"]),
    accept: random.pick(["*/*", "*/*", errors("json.table"), errors("json"), errors("x.table.")]),
  };
  return { variant, steps: textSteps(random, mild, 30) };
}

/** The `Accept` of a client that accepts documents. */
function errors(documents: string): string {
  return `text/plain;capnweb=errors.${documents}, */*`;
}
