import type { Habit } from "@capnweb/testkit/conformance";
import { loadTranscripts } from "@capnweb/testkit/conformance";
import { writeAnnouncement } from "@capnweb/wire";
import { changeAll, changeTagged, isIntroduction, isSettlement, isStreamCall } from "./changes.ts";
import type { MutantConnection, Mutate } from "./mutant.ts";
import { renaming, smallestNames } from "./renaming.ts";

/** A server with behaviour that the protocol leaves open. */
export interface AllowedMutant {
  readonly name: string;
  /** The habits by which it differs from the recordings. */
  readonly habits: readonly Habit[];
  /** Patterns of its scenarios. Default: all. */
  readonly only?: readonly string[];
  readonly mutate: Mutate;
}

/** Texts of errors that scenarios demand, because the application or the client made them. */
const demanded = new Set<unknown>();
for (const { ownWording, lines } of (await loadTranscripts()).values()) {
  if (ownWording) continue;
  for (const { text } of lines) {
    changeAll(JSON.parse(text ?? "null"), (tree) => {
      if (Array.isArray(tree) && tree[0] === "error") demanded.add(tree[2]);
      return tree;
    });
  }
}

const sending =
  (change: (message: any[]) => unknown): Mutate =>
  () => ({ send: (message) => [change(message)] });

/** Delays every message for which `isLate` holds, and keeps their order. */
const late =
  (milliseconds: number, isLate: (message: any[]) => boolean): Mutate =>
  ({ say, later }) => ({
    send(message) {
      if (!isLate(message)) return [message];
      later(milliseconds, () => say(message));
      return [];
    },
    end: (close) => later(milliseconds, close),
  });

export const ALLOWED: readonly AllowedMutant[] = [
  { name: "changes nothing", habits: [], mutate: () => ({}) },
  {
    name: "words its own errors in its own way",
    habits: ["wording"],
    mutate: sending(
      changeTagged("error", ([tag, name, text, ...rest]) =>
        demanded.has(text) ? [tag, name, text, ...rest] : [tag, "Error", `different: ${text}`],
      ),
    ),
  },
  {
    name: "gives null for undefined as the result of a stream's calls",
    habits: ["null for undefined"],
    mutate: () => {
      let introduced = 0;
      const calls = new Set<number>();
      return {
        receive(message) {
          if (isIntroduction(message)) {
            introduced++;
            if (isStreamCall(message)) calls.add(introduced);
          }
          return [message];
        },
        send(message) {
          const [tag, id, value] = message;
          const isNull = tag === "resolve" && calls.has(id) && value?.[0] === "undefined";
          return [isNull ? [tag, id, null] : message];
        },
      };
    },
  },
  {
    name: "has ids of its own for exports",
    habits: ["export ids"],
    mutate: renaming(() => ({ nameOf: (id) => id * 3 - 1000, released() {} })),
  },
  {
    name: "uses the ids of released exports again",
    // No recorded server exports anything after one of its exports was released.
    habits: [],
    mutate: renaming(smallestNames),
  },
  {
    name: "sends the body of a Request or Response as text",
    habits: ["body as text"],
    only: ["fetch-a-re*-from-the-server"],
    mutate: bodyAsText,
  },
  {
    name: "pads base64",
    habits: [],
    mutate: sending(
      changeTagged("bytes", ([tag, text, ...rest]) => [
        tag,
        typeof text === "string" ? text.padEnd(Math.ceil(text.length / 4) * 4, "=") : text,
        ...rest,
      ]),
    ),
  },
  {
    name: "sends the keys of objects in another order",
    habits: [],
    mutate: sending((message) =>
      changeAll(message, (tree) =>
        typeof tree === "object" && tree !== null && !Array.isArray(tree)
          ? Object.fromEntries(Object.entries(tree).reverse())
          : tree,
      ),
    ),
  },
  {
    name: "says that errors have no stack and no properties",
    habits: [],
    mutate: sending(
      changeTagged("error", ([tag, name, text, stack = null, properties = {}]) => [
        tag,
        name,
        text,
        stack,
        properties,
      ]),
    ),
  },
  {
    name: "lays JSON out",
    habits: [],
    mutate: sending((message) => JSON.stringify(message, undefined, 2)),
  },
  {
    name: "escapes all but ASCII",
    habits: [],
    mutate: sending((message) =>
      JSON.stringify(message).replace(
        /[\u007f-\uffff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
    ),
  },
  { name: "takes 30 ms for each message", habits: [], mutate: late(30, () => true) },
  {
    name: "releases 150 ms later",
    habits: [],
    mutate: late(150, ([tag]) => tag === "release"),
  },
  {
    name: "settles calls in another order",
    habits: [],
    only: ["pipeline-*", "promise-*", "value-*", "error-*"],
    mutate: ({ say }: MutantConnection) => {
      let held: unknown[][] = [];
      return {
        send(message) {
          if (!isSettlement(message) || message[1] < 0) return [message];
          held.push(message);
          if (held.length === 1) {
            setImmediate(() => {
              for (const each of held.reverse()) say(each);
              held = [];
            });
          }
          return [];
        },
      };
    },
  },
  {
    name: "announces extensions, and again later",
    habits: [],
    mutate: ({ say, later }: MutantConnection) => {
      const announcement = writeAnnouncement({ features: ["unheard-of"] });
      say(announcement);
      later(20, () => say(announcement));
      return {};
    },
  },
];

/** Keeps the pipe of a body to itself, and sends the text once all of it is there. */
function bodyAsText({ say, hear }: MutantConnection) {
  let carrier: any[] | undefined;
  let introduced = 0;
  let text = "";
  return {
    send(message: any[]): unknown[] {
      if (isIntroduction(message)) {
        introduced++;
        if (message[0] === "pipe") return [];
        const id = introduced;
        const [, [, , [method], args]] = message as [string, [string, number, [string], any[]]];
        if (method === "write") text += Buffer.from(args[0][1], "base64").toString();
        queueMicrotask(() => hear(["resolve", id, ["undefined"]]));
        if (method === "close") {
          const json = JSON.stringify(carrier).replace(',"duplex":"half"', "");
          say(json.replace('["readable",1]', JSON.stringify(text)));
        }
        return [];
      }
      if (isSettlement(message) && JSON.stringify(message).includes('["readable",1]')) {
        carrier = message;
        return [];
      }
      return message[0] === "release" ? [] : [message];
    },
  };
}
