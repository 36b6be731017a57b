import { changeTagged, isSettlement } from "../changes.ts";
import {
  afterFirst,
  ignoring,
  releasingEarly,
  replacing,
  sending,
  settling,
  withholding,
} from "../common.ts";
import { forbidden, type Mutant, unchanged } from "../mutant.ts";
import type { Mutation } from "../mutation.ts";

const server = forbidden("server");
const client = forbidden("client");

const positiveExports = changeTagged("export", ([tag, id]) => [tag, -id]);
const oneExport = changeTagged("export", ([tag]) => [tag, -1]);
const releasingTwice = sending((message) =>
  message[0] === "release" ? [message, message] : [message],
);

/** Peers that break the rules of references. */
export const references: readonly Mutant[] = [
  server(
    "releases what it never held, 60 ms after an answer",
    ["values"],
    /nobody expected \["release",-5,1\]/,
    afterFirst(isSettlement, 60, () => ["release", -5, 1]),
  ),
  server(
    "never releases what it got",
    ["capabilities"],
    /expected \["release",-1,1\], got 0 so far, though a later call was answered/,
    withholding("release"),
  ),
  server(
    "releases twice what it got",
    ["capabilities"],
    /released -1 2 times|nobody expected \["release"/,
    releasingTwice,
  ),
  server("keeps what was released", ["capabilities"], /counter disposed/, ignoring("release")),
  server(
    "exports under positive ids",
    ["capabilities"],
    /got \["resolve",1,\["export",1\]\]/,
    settling(positiveExports),
  ),
  server(
    "calls a stub a promise that it never settles",
    ["capabilities"],
    /got \["resolve",1,\["promise",-1\]\]/,
    settling(changeTagged("export", ([, id]) => ["promise", id])),
  ),
  server(
    "gives the same id to different objects",
    ["capabilities"],
    /expected/,
    settling(oneExport),
  ),
  server(
    "releases an argument before it uses it",
    ["capabilities"],
    /refers to -1 after its release/,
    releasingEarly,
    { only: ["callback*", "target*"] },
  ),
  server(
    "keeps the arguments of calls that fail",
    ["capabilities", "errors"],
    /expected \["release",-1,1\]/,
    keepingArgumentsOfFailures,
    { only: ["target*"] },
  ),
  server(
    "releases one reference where it has several",
    ["capabilities"],
    /expected \["release",-\d,\d\], got 1 so far/,
    replacing(([tag, id, count]) => (tag === "release" ? [tag, id, 1] : [tag, id, count])),
    { only: ["refcounts*", "callback*"] },
  ),
  server(
    "has one main object for all connections",
    ["capabilities"],
    /counter disposed/,
    unchanged,
    { isShared: true },
  ),
  client(
    "never releases results",
    ["values"],
    /expected \["release",1,1\], got 0 so far, though a later call was answered/,
    withholding("release"),
    { only: ["callback-called-twice"] },
  ),
  client(
    "never releases the server's stubs",
    ["capabilities"],
    /expected \["release",-1,1\], got 0 so far, though a later call was answered/,
    sending((message) => (message[0] === "release" && message[1] < 0 ? [] : [message])),
    { only: ["stub-t*", "stub-u*"] },
  ),
  client(
    "releases results twice",
    ["values"],
    /nobody expected \["release",1|released 1 2 times/,
    releasingTwice,
    { only: ["value-n*"] },
  ),
  client(
    "keeps what the server released",
    ["capabilities"],
    /expected the notes .*counter disposed/,
    ignoring("release"),
    { only: ["target-*"] },
  ),
  client(
    "releases the server's stubs before it uses them",
    ["capabilities"],
    /refers to -1 after its release/,
    releasingEarly,
    { only: ["stub-t*", "stub-u*"] },
  ),
  client(
    "exports under positive ids",
    ["capabilities"],
    /got \["push",.*\["export",1\]/,
    replacing(positiveExports),
    { only: ["callback-called-twice"] },
  ),
  client(
    "gives the same id to different objects",
    ["capabilities"],
    /expected/,
    replacing(oneExport),
    { only: ["callback-*twice*"] },
  ),
];

/** Remembers which calls of the kit have arguments, and drops the releases if they fail. */
function keepingArgumentsOfFailures(): Mutation {
  let hasFailed = false;
  return {
    receive(message) {
      if (JSON.stringify(message).includes('"fail')) hasFailed = true;
      return [message];
    },
    send: (message) => (message[0] === "release" && hasFailed ? [] : [message]),
  };
}
