import type { Random } from "../random.ts";
import type { Sequence, Step } from "../sequence.ts";
import { ACTIONS } from "../targets/actions.ts";
import { announcement } from "./announcement.ts";
import { Ids } from "./ids.ts";
import { malformedMessage, mutate } from "./malformed.ts";
import { messages } from "./messages.ts";
import { base64, plain } from "./plain.ts";
import { bomb, story } from "./stories.ts";
import { makeNative } from "./trees.ts";

/** The settings of a session under attack. */
export type SessionVariant = {
  readonly level: "string" | "jsonCompatible" | "jsonCompatibleWithBytes" | "structuredClonable";
  readonly role: "server" | "client";
  readonly announce: boolean;
  readonly isBinary: boolean;
  readonly streamCalls: boolean;
  readonly onSendError: "" | "returns" | "throws";
  readonly limits: "" | "server" | "small";
  /** True if messages wait for turns of the event loop, as in a busy process. */
  readonly isBusy: boolean;
  /** The transport's misbehaviour, if any. */
  readonly transport: "" | "send throws" | "abort throws" | "is full";
  /** The behaviour of the session's interceptors, if it has any. */
  readonly interceptors?: "" | "pass on" | "wait" | "misbehave";
};

/** Chooses settings. Common ones come up most often. */
export function sessionVariant(random: Random): SessionVariant {
  const level = random.chance(0.6)
    ? "string"
    : random.pick(["jsonCompatible", "jsonCompatibleWithBytes", "structuredClonable"] as const);
  return {
    level,
    role: random.chance(0.6) ? "server" : "client",
    announce: random.chance(0.6),
    isBinary: level === "string" && random.chance(0.5),
    streamCalls: random.chance(0.1),
    onSendError: random.pick(["", "", "", "returns", "throws"] as const),
    limits: random.pick(["", "", "server", "small"] as const),
    isBusy: random.chance(0.15),
    transport: random.chance(0.85)
      ? ""
      : random.pick(["send throws", "abort throws", "is full"] as const),
    interceptors: random.chance(0.6) ? "" : random.pick(["pass on", "wait", "misbehave"] as const),
  };
}

/** A session's settings, then messages, actions and pauses until its end. */
export function sessionSequence(random: Random, mild: boolean): Sequence {
  const variant = sessionVariant(random);
  const isText = variant.level === "string";
  const ids = new Ids(true, isText);
  const steps: Step[] = [];
  const announces = random.chance(variant.announce ? 0.7 : 0.2);
  const add = (tree: unknown) =>
    steps.push({
      message: isText
        ? JSON.stringify(tree)
        : random.chance(0.02)
          ? makeNative(random, tree)
          : tree,
    });
  if (announces) add(announcement(random));
  const isJoined = isText && announces && variant.announce;
  const length = 4 + random.int(random.chance(0.1) ? 120 : 30);
  while (steps.length < length) {
    const choice = random.next();
    if (choice < 0.14) steps.push({ turns: 1 + random.int(3) });
    else if (choice < 0.3 && variant.role === "client") {
      ids.acts++;
      steps.push({ act: random.int(ACTIONS.length), by: random.int(1000) });
    } else if (choice < 0.33 && isJoined) {
      const joined = Array.from({ length: 1 + random.int(3) }, () => messages(random, ids)).flat();
      steps.push({ message: joined.map((each) => JSON.stringify(each)).join("\n") });
    } else if (choice < 0.35 && variant.isBinary && variant.announce) attach(random, ids, steps);
    else if (choice < 0.3505) add(malformedMessage(random));
    else if (choice < 0.352 && isText) {
      steps.push({ message: mutate(random, JSON.stringify(messages(random, ids)[0] ?? ["pipe"])) });
    } else if (choice < 0.3522 && isText) {
      steps.push({ message: random.pick(['["push",', ""]) + "[".repeat(random.int(200_000)) });
    } else if (choice < 0.4) for (const each of story(random, ids)) add(each);
    else if (choice < 0.4005 && !mild) for (const each of bomb(random, ids)) add(each);
    else for (const each of messages(random, ids)) add(each);
  }
  if (random.chance(0.5)) steps.push({ end: random.pick(["close", "silent", "dispose"] as const) });
  return { variant, steps };
}

/** Bytes in a binary frame, and the message that takes them. Sometimes only one of the two. */
function attach(random: Random, ids: Ids, steps: Step[]): void {
  const length = 1 + random.int(20);
  const isRight = random.chance(0.97);
  const value = ["bytes", isRight ? length : random.int(30)];
  if (random.chance(0.99)) steps.push({ bytes: base64(random, length) });
  if (random.chance(0.99)) {
    ids.push();
    const message = ["push", ["pipeline", 0, ["echo"], [value, plain(random, 1)]]];
    steps.push({ message: JSON.stringify(message) });
  }
}
