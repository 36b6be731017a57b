import { isDeepStrictEqual } from "node:util";
import { readAnnouncement, withoutDocuments, writeAnnouncement } from "@capnweb/wire";
import { ConformanceError } from "../errors.ts";
import { parseMessage, show } from "../messages.ts";
import type { Performer, Scenario, Stage } from "../scenario.ts";
import { exchange, forServers, numbered } from "./make.ts";

/** A malformed document of `vectors/documents.json`. */
interface MalformedVector {
  readonly name: string;
  /** The extensions that let a peer send it. */
  readonly needs: readonly ("json" | "table")[];
  readonly document: unknown;
}

/** A document with the ordinary expression of the same value. */
interface DocumentVector extends MalformedVector {
  readonly expression: unknown;
}

/** The content of `vectors/documents.json`. */
export interface DocumentVectors {
  readonly values: readonly DocumentVector[];
  readonly malformed: readonly MalformedVector[];
}

const facts = (number: number, name: string, isMalformed = false) => ({
  id: numbered("DOC", number),
  name: `documents: ${name}`,
  features: [isMalformed ? ("malformed" as const) : ("values" as const)],
  section: "extensions",
});

/**
 * Announces documents, makes a call, and waits for its answer.
 *
 * @returns true if the server has announced `needed` by then. Others must not get documents
 */
async function isKnown(stage: Stage, needed: MalformedVector["needs"]): Promise<boolean> {
  const { inbox, say } = stage;
  const features = ["json", "table"];
  say(writeAnnouncement({ features }), ["push", ["pipeline", 0, ["add"], [1, 2]]], ["pull", 1]);
  await inbox.take(["resolve", 1, 3]);
  inbox.takeAll();
  // A server may announce before the kit says anything, and in several messages.
  const announced = inbox.exchange.flatMap(({ from, text }) =>
    from === "peer" ? (readAnnouncement(parseMessage(text) as never)?.features ?? []) : [],
  );
  return needed.every((each) => announced.includes(each));
}

/** Sends a document, which has to come back as the value that it stands for, in any form. */
function echoes({ needs, document, expression }: DocumentVector): Performer {
  return async (stage) => {
    const { inbox, say } = stage;
    if (!(await isKnown(stage, needs))) return;
    say(["push", ["pipeline", 0, ["echo"], [document]]], ["pull", 2]);
    const answer = await inbox.take(["resolve", 2]);
    const actual = answer[0] === "resolve" ? ordinary(answer[2]) : undefined;
    if (!isDeepStrictEqual(actual, expression)) {
      const expected = show(["resolve", 2, expression]);
      throw new ConformanceError(`expected ${expected}, got ${show(answer)}`);
    }
    say(["release", 2, 1]);
    inbox.takeAll();
  };
}

function ordinary(expression: unknown): unknown {
  try {
    return withoutDocuments(expression);
  } catch (cause) {
    throw new ConformanceError(`got a malformed document: ${show(expression)}`, { cause });
  }
}

/** Sends a document that has to end the session. */
function ends({ needs, document }: MalformedVector): Performer {
  return async (stage) => {
    const { inbox, say } = stage;
    if (!(await isKnown(stage, needs))) return;
    say(["push", ["pipeline", 0, ["echo"], [document]]], ["pull", 2]);
    const isOver = () => inbox.isClosed || inbox.peek(["abort"]) !== undefined;
    await inbox.until(isOver, () => "expected the end of the session");
    inbox.takeAll();
  };
}

const LISTS = [[[[1]], [[2, [[]]]]]];
const RECORDS = [
  Array.from({ length: 20 }, (_, id) => ({ id, name: `n${id}`, tags: [["x"]], by: { id } })),
];

/** A result stands for its value in a cell, too. No codec without sessions knows it. */
const RESULT_IN_CELL: DocumentVector = {
  name: "a result in a cell",
  needs: ["table"],
  document: ["table", { a: [[["pipeline", 1], []]], b: [["x", "y"]] }],
  expression: [[{ a: 3, b: "x" }, { b: "y" }]],
};

/**
 * Plain JSON as it is, and lists of records as tables. A server that doesn't announce them has
 * nothing to do but to go on, and never to send any.
 */
export function documentScenarios({ values, malformed }: DocumentVectors): Scenario[] {
  let number = 0;
  const unannounced = [LISTS, RECORDS].map((value, i) =>
    exchange(
      facts(++number, `none without an announcement: ${i === 0 ? "lists" : "records"}`),
      [
        ["push", ["pipeline", 0, ["echo"], [value]]],
        ["pull", 1],
      ],
      [["resolve", 1, value]],
    ),
  );
  const echoed = [...values, RESULT_IN_CELL].map((vector) =>
    forServers(facts(++number, vector.name), echoes(vector)),
  );
  const refused = malformed.map((vector) => ({
    ...forServers(facts(++number, `malformed: ${vector.name}`, true), ends(vector)),
    survives: true,
  }));
  return [...unannounced, ...echoed, ...refused];
}
