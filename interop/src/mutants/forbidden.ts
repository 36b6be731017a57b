import type { Feature } from "@capnweb/testkit";
import { changeAll, changeTagged, isSettlement } from "./changes.ts";
import type { Mutate } from "./mutant.ts";

/** A server with behaviour that the protocol forbids. */
export interface ForbiddenMutant {
  readonly name: string;
  /** The features whose scenarios detect it. */
  readonly features: readonly Feature[];
  /** Patterns of the scenarios, if the features have too many. */
  readonly only?: readonly string[];
  /** The text of at least one failure. */
  readonly complaint: RegExp;
  readonly mutate: Mutate;
}

const mutant = (
  name: string,
  features: readonly Feature[],
  complaint: RegExp,
  mutate: Mutate,
): ForbiddenMutant => ({ name, features, complaint, mutate });

/** Sends one message, some time after its first answer. */
const afterAnswer =
  (milliseconds: number, message: (answer: any[]) => unknown): Mutate =>
  ({ say, later }) => {
    let isDone = false;
    return {
      send(answer) {
        if (isSettlement(answer) && !isDone) {
          isDone = true;
          later(milliseconds, () => say(message(answer)));
        }
        return [answer];
      },
    };
  };

/** Changes the server's messages. */
const sending =
  (change: (message: any[]) => readonly unknown[]): Mutate =>
  () => ({ send: change });

/** Changes the expressions in results. */
const results = (change: (tree: unknown) => unknown): Mutate =>
  sending((message) => (isSettlement(message) ? [change(message)] : [message]));

/** Changes only the first message that the change applies to. */
const once = (change: (message: any[]) => readonly unknown[] | undefined): Mutate => {
  return () => {
    let isDone = false;
    return {
      send(message) {
        const changed = isDone ? undefined : change(message);
        if (changed !== undefined) isDone = true;
        return changed ?? [message];
      },
    };
  };
};

const ignored = (tag: string): Mutate => {
  return () => ({ receive: (message) => (message?.[0] === tag ? [] : [message]) });
};

export const FORBIDDEN: readonly ForbiddenMutant[] = [
  mutant(
    "says junk 60 ms after an answer",
    ["values"],
    /nobody expected \["nonsense","junk"\]/,
    afterAnswer(60, () => "junk"),
  ),
  mutant(
    "settles a call a second time, 60 ms later",
    ["values"],
    /nobody expected \["resolve",1/,
    afterAnswer(60, (answer) => answer),
  ),
  mutant(
    "settles a call a second time at once",
    ["values"],
    /nobody expected \["resolve",1/,
    () => ({
      send: (message) => (isSettlement(message) ? [message, message] : [message]),
    }),
  ),
  mutant(
    "makes a call that no scenario asks for, 60 ms after an answer",
    ["values"],
    /nobody expected \["push"/,
    afterAnswer(60, () => ["push", ["pipeline", 0, ["unasked"], []]]),
  ),
  mutant(
    "releases what it never held, 60 ms after an answer",
    ["values"],
    /nobody expected \["release",-5,1\]/,
    afterAnswer(60, () => ["release", -5, 1]),
  ),
  mutant("ends the session 60 ms after an answer", ["values"], /the connection ended/, (link) => ({
    send(message) {
      if (isSettlement(message)) link.later(60, () => link.close());
      return [message];
    },
  })),
  mutant(
    "answers no call any more after the second",
    ["values"],
    /for a call after the scenario; nothing came/,
    () => {
      let answered = 0;
      return { send: (message) => (isSettlement(message) && ++answered > 1 ? [] : [message]) };
    },
  ),
  mutant(
    "loses an answer",
    ["pipelining"],
    /expected \["resolve",\d+.*nothing came/,
    once((message) => (isSettlement(message) ? [] : undefined)),
  ),
  mutant(
    "answers under another id",
    ["values"],
    /nothing came/,
    sending((message) =>
      isSettlement(message) ? [[message[0], message[1] + 1, message[2]]] : [message],
    ),
  ),
  mutant(
    "answers calls that were not pulled",
    ["pipelining"],
    /nobody expected \["resolve"/,
    ({ hear }) => {
      let introduced = 0;
      return {
        receive(message) {
          if (message[0] === "pull") return [];
          if (message[0] !== "push") return [message];
          const id = ++introduced;
          queueMicrotask(() => hear(["pull", id]));
          return [message];
        },
      };
    },
  ),
  mutant(
    "never releases what it got",
    ["capabilities"],
    /expected \["release",-1,1\], got 0 so far, though a later call was answered/,
    sending((message) => (message[0] === "release" ? [] : [message])),
  ),
  mutant(
    "releases twice what it got",
    ["capabilities"],
    /released -1 2 times|nobody expected \["release"/,
    sending((message) => (message[0] === "release" ? [message, message] : [message])),
  ),
  mutant("keeps what was released", ["capabilities"], /counter disposed/, ignored("release")),
  mutant(
    "never pulls what it needs",
    ["capabilities"],
    /expected \["pull"/,
    sending((message) => (message[0] === "pull" ? [] : [message])),
  ),
  mutant(
    "gives null for the undefined that a method gives",
    ["capabilities"],
    /expected \["resolve",\d+,\["undefined"\]\], got \["resolve",\d+,null\]/,
    results(changeTagged("undefined", () => null)),
  ),
  mutant(
    "resolves with an error instead of rejecting",
    ["errors"],
    /expected \["reject"/,
    sending(([tag, ...rest]) => [[tag === "reject" ? "resolve" : tag, ...rest]]),
  ),
  mutant(
    "words the application's errors in its own way",
    ["errors"],
    /expected \["reject",\d+,\["error","Error","failed"\]\]/,
    results(
      changeTagged("error", ([tag, name, text, ...rest]) => [tag, name, `${text}!`, ...rest]),
    ),
  ),
  mutant(
    "forgets the class of errors",
    ["errors"],
    /got \["reject",\d+,\["error","Error"/,
    results(changeTagged("error", ([tag, , ...rest]) => [tag, "Error", ...rest])),
  ),
  mutant(
    "drops the properties of errors",
    ["errors"],
    /expected \["reject",\d+,\["error","TypeError","with properties",null,\{/,
    results(changeTagged("error", (error) => error.slice(0, 3))),
  ),
  mutant(
    "sends the server's stack",
    ["errors"],
    /"at server\.js:1"/,
    results(
      changeTagged("error", ([tag, name, text, , ...rest]) => [
        tag,
        name,
        text,
        "at server.js:1",
        ...rest,
      ]),
    ),
  ),
  mutant(
    "sends dates as text",
    ["values"],
    /got \["resolve",1,"1970/,
    results(changeTagged("date", ([, time]) => new Date(time ?? 0).toISOString())),
  ),
  mutant(
    "sends big integers as numbers",
    ["values"],
    /expected \["resolve",1,\["bigint"/,
    results(changeTagged("bigint", ([, digits]) => Number(digits))),
  ),
  mutant(
    "doesn't wrap lists",
    ["values"],
    /expected \["resolve",1,\[\[/,
    results((tree) =>
      changeAll(tree, (each) =>
        Array.isArray(each) && each.length === 1 && Array.isArray(each[0]) ? each[0] : each,
      ),
    ),
  ),
  mutant(
    "exports under positive ids",
    ["capabilities"],
    /got \["resolve",1,\["export",1\]\]/,
    results(changeTagged("export", ([tag, id]) => [tag, -id])),
  ),
  mutant(
    "calls a stub a promise that it never settles",
    ["capabilities"],
    /got \["resolve",1,\["promise",-1\]\]/,
    results(changeTagged("export", ([, id]) => ["promise", id])),
  ),
  mutant(
    "gives the same id to different objects",
    ["capabilities"],
    /expected/,
    results(changeTagged("export", ([tag]) => [tag, -1])),
  ),
  mutant("swaps chunks of a stream", ["streams"], /expected \["stream"/, () => {
    let held: unknown;
    return {
      send(message) {
        const isWrite = message[0] === "stream" && message[1]?.[2]?.[0] === "write";
        if (isWrite && held === undefined) {
          held = message;
          return [];
        }
        const swapped = held === undefined || held === "done" ? [message] : [message, held];
        if (held !== undefined) held = "done";
        return swapped;
      },
    };
  }),
  mutant(
    "never closes a stream",
    ["streams"],
    /expected \["stream",\["pipeline",1,\["close"\]/,
    sending((message) =>
      message[0] === "stream" && message[1]?.[2]?.[0] === "close" ? [] : [message],
    ),
  ),
  {
    ...mutant("goes on after nonsense", ["malformed"], /expected \["abort"/, () => ({
      send: (message) => (message[0] === "abort" ? [] : [message]),
      end() {},
    })),
    only: ["malformed-message-*"],
  },
];
