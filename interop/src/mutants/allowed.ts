import type { Side } from "@capnweb/testkit";
import { loadTranscripts } from "@capnweb/testkit/conformance";
import { writeAnnouncement } from "@capnweb/wire";
import { changeAll, changeTagged, isIntroduction, isSettlement, isStreamCall } from "./changes.ts";
import { late, replacing } from "./common.ts";
import { allowed, type Mutant, unchanged } from "./mutant.ts";
import type { MutantConnection } from "./mutation.ts";
import { renaming, smallestNames } from "./renaming.ts";

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

/** Waits for slow peers. */
const SLOW = { isSlow: true };

const changesOf = (side: Side): readonly Mutant[] => {
  const mutant = allowed(side);
  return [
    // The tests of conformance cover our server and client as well.
    mutant("changes nothing", unchanged, SLOW),
    mutant(
      "words its own errors in its own way",
      replacing(
        changeTagged("error", ([tag, name, text, ...rest]) =>
          demanded.has(text) ? [tag, name, text, ...rest] : [tag, "Error", `different: ${text}`],
        ),
      ),
      { habits: ["wording"], ...SLOW },
    ),
    mutant(
      "has ids of its own for exports",
      renaming(() => ({ nameOf: (id) => id * 3 - 1000, released() {} })),
      { habits: ["export ids"], ...SLOW },
    ),
    mutant("uses the ids of released exports again", renaming(smallestNames), {
      // No recorded server exports anything after one of its exports was released.
      habits: side === "client" ? ["export ids"] : [],
      ...SLOW,
    }),
    mutant(
      "pads base64",
      replacing(
        changeTagged("bytes", ([tag, text, ...rest]) => [
          tag,
          typeof text === "string" ? text.padEnd(Math.ceil(text.length / 4) * 4, "=") : text,
          ...rest,
        ]),
      ),
      { only: ["value-*bytes*", "value-*array*", "stream*bytes*", "blob*"] },
    ),
    mutant(
      "sends the keys of objects in another order",
      replacing((message) =>
        changeAll(message, (tree) =>
          typeof tree === "object" && tree !== null && !Array.isArray(tree)
            ? Object.fromEntries(Object.entries(tree).reverse())
            : tree,
        ),
      ),
      SLOW,
    ),
    mutant(
      "says that errors have no stack and no properties",
      replacing(
        changeTagged("error", ([tag, name, text, stack = null, properties = {}]) => [
          tag,
          name,
          text,
          stack,
          properties,
        ]),
      ),
      { only: ["error*"] },
    ),
    mutant(
      "lays JSON out",
      replacing((message) => JSON.stringify(message, undefined, 2)),
      SLOW,
    ),
    mutant(
      "escapes all but ASCII",
      replacing((message) =>
        JSON.stringify(message).replace(
          /[\u007f-\uffff]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
        ),
      ),
      { only: ["value-text", "value-half*", "frames*", "limits*text*"] },
    ),
    mutant(
      "takes 30 ms for each message",
      late(30, () => true),
      SLOW,
    ),
    mutant(
      "releases 150 ms later",
      late(150, ([tag]) => tag === "release"),
      { only: ["callback*", "stub*"] },
    ),
    mutant("settles calls in another order", settlingBackwards, {
      only: ["pipeline-*", "promise-*", "value-*", "error-*", "callback-*"],
      ...SLOW,
    }),
    mutant("announces extensions, and again later", announcing, SLOW),
  ];
};

/** Servers and clients with behaviour that the protocol leaves open. */
export const ALLOWED: readonly Mutant[] = [
  ...changesOf("server"),
  ...changesOf("client"),
  allowed("server")(
    "gives null for undefined as the result of a stream's calls",
    nullForUndefined,
    {
      habits: ["null for undefined"],
      features: ["streams"],
    },
  ),
  allowed("server")("sends the body of a Request or Response as text", bodyAsText, {
    habits: ["body as text"],
    only: ["fetch-a-re*-from-the-server"],
  }),
  allowed("server")("releases references one by one", oneByOne, {
    only: ["refcounts*", "callback*", "target*"],
  }),
  allowed("server")("answers calls in the order in which they were made", inOrderOfCalls, {
    only: ["value*", "error*", "limits*"],
  }),
];

function settlingBackwards({ say }: MutantConnection) {
  let held: unknown[][] = [];
  return {
    send(message: any[]) {
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
}

function announcing({ say, later }: MutantConnection) {
  const announcement = writeAnnouncement({ features: ["unheard-of"] });
  say(announcement);
  later(20, () => say(announcement));
  return {};
}

function oneByOne() {
  return {
    send(message: any[]) {
      const [tag, id, count] = message;
      return tag === "release" ? Array.from({ length: count }, () => [tag, id, 1]) : [message];
    },
  };
}

function inOrderOfCalls() {
  const asked: number[] = [];
  const held = new Map<number, unknown[]>();
  return {
    receive(message: any[]) {
      if (message[0] === "pull") asked.push(message[1]);
      return [message];
    },
    send(message: any[]) {
      if (!isSettlement(message) || message[1] < 0) return [message];
      held.set(message[1], message);
      const ready: unknown[] = [];
      while (held.has(asked[0]!)) ready.push(held.get(asked.shift()!));
      return ready;
    },
  };
}

function nullForUndefined() {
  let introduced = 0;
  const calls = new Set<number>();
  return {
    receive(message: any[]) {
      if (isIntroduction(message)) {
        introduced++;
        if (isStreamCall(message)) calls.add(introduced);
      }
      return [message];
    },
    send(message: any[]) {
      const [tag, id, value] = message;
      const isNull = tag === "resolve" && calls.has(id) && value?.[0] === "undefined";
      return [isNull ? [tag, id, null] : message];
    },
  };
}

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
