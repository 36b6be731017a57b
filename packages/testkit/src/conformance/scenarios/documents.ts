import { isDeepStrictEqual } from "node:util";
import { readAnnouncement, withoutDocuments, writeAnnouncement } from "@capnweb/wire";
import { ConformanceError } from "../errors.ts";
import { parseMessage, show } from "../messages.ts";
import type { Performer, Scenario, Stage } from "../scenario.ts";
import { exchange, forServers, numbered } from "./make.ts";

/** An extension that lets its peer send documents. */
type Document = "json" | "table";

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
async function isKnown(stage: Stage, needed: readonly Document[]): Promise<boolean> {
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
function echoes(needed: readonly Document[], document: unknown, expected: unknown): Performer {
  return async (stage) => {
    const { inbox, say } = stage;
    if (!(await isKnown(stage, needed))) return;
    say(["push", ["pipeline", 0, ["echo"], [document]]], ["pull", 2]);
    const answer = await inbox.take(["resolve", 2]);
    const actual = answer[0] === "resolve" ? ordinary(answer[2]) : undefined;
    if (!isDeepStrictEqual(actual, expected)) {
      throw new ConformanceError(`expected ${show(["resolve", 2, expected])}, got ${show(answer)}`);
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
function ends(needed: readonly Document[], document: string): Performer {
  return async (stage) => {
    const { inbox, say } = stage;
    if (!(await isKnown(stage, needed))) return;
    say(`["push",["pipeline",0,["echo"],[${document}]]]`, ["pull", 2]);
    const isOver = () => inbox.isClosed || inbox.peek(["abort"]) !== undefined;
    await inbox.until(isOver, () => "expected the end of the session");
    inbox.takeAll();
  };
}

const LISTS = [[[[1]], [[2, [[]]]]]];
const RECORDS = [
  Array.from({ length: 20 }, (_, id) => ({ id, name: `n${id}`, tags: [["x"]], by: { id } })),
];

/** Values, as documents and as ordinary expressions. */
const VALUES: readonly (readonly [string, readonly Document[], unknown, unknown])[] = [
  [
    "plain JSON",
    ["json"],
    ["json", { a: [1, [], "x"], b: null }],
    { a: [[1, [[]], "x"]], b: null },
  ],
  [
    "lists in plain JSON that look like expressions",
    ["json"],
    [
      "json",
      [
        ["import", 0],
        ["export", -1],
        ["bytes", 5],
        ["bigint", "1"],
        ["json", [1]],
      ],
    ],
    [[[["import", 0]], [["export", -1]], [["bytes", 5]], [["bigint", "1"]], [["json", [[1]]]]]],
  ],
  [
    "a scalar as plain JSON",
    ["json"],
    [
      [
        ["json", 1],
        ["json", "x"],
      ],
    ],
    [[1, "x"]],
  ],
  [
    "a table",
    ["table"],
    ["table", { id: [[1, 2]], of: [[[["x"]], { a: [[]] }]] }],
    [
      [
        { id: 1, of: [["x"]] },
        { id: 2, of: { a: [[]] } },
      ],
    ],
  ],
  [
    "records that lack members",
    ["table"],
    ["table", { a: [[1, [], []]], b: [[[], [[]], []]] }],
    [[{ a: 1 }, { b: [[]] }, {}]],
  ],
  ["a table without records", ["table"], ["table", { a: [[]] }], [[]]],
  [
    "a column of plain JSON",
    ["json", "table"],
    ["table", { a: ["json", [[], ["date", 0]]], b: [["x", "y"]] }],
    [
      [
        { a: [[]], b: "x" },
        { a: [["date", 0]], b: "y" },
      ],
    ],
  ],
  [
    "a column of records",
    ["table"],
    ["table", { by: ["table", { id: [[1, []]], of: ["table", { n: [[1, 2]] }] }] }],
    [[{ by: { id: 1, of: { n: 1 } } }, { by: { of: { n: 2 } } }]],
  ],
  [
    "within other expressions, and in cells",
    ["json", "table"],
    [
      [
        { a: ["json", [[1]]] },
        [
          "table",
          {
            a: [
              [
                ["table", { b: [[1]] }],
                ["json", [2]],
              ],
            ],
          },
        ],
      ],
    ],
    [[{ a: [[[[1]]]] }, [[{ a: [[{ b: 1 }]] }, { a: [[2]] }]]]],
  ],
  [
    "a result in a cell",
    ["table"],
    ["table", { a: [[["pipeline", 1], []]], b: [["x", "y"]] }],
    [[{ a: 3, b: "x" }, { b: "y" }]],
  ],
];

/** Members that every receiver drops, as text: an object that has one would be another. */
const DROPPED: readonly (readonly [string, Document, string, unknown])[] = [
  [
    "names that are dropped, in plain JSON",
    "json",
    '["json",{"__proto__":{"a":1},"constructor":1,"toJSON":[1],"b":[{"toString":1,"c":1}]}]',
    { b: [[{ c: 1 }]] },
  ],
  [
    "names that are dropped, of columns",
    "table",
    '["table",{"__proto__":[[{},1]],"toJSON":["table",{"a":[[1,2]]}],"b":[[1,{"valueOf":1}]]}]',
    [[{ b: 1 }, { b: {} }]],
  ],
];

const MALFORMED: readonly (readonly [string, Document, string])[] = [
  ["columns of unequal length", "table", '["table",{"a":[[1,2]],"b":[[1]]}]'],
  ["no columns", "table", '["table",{}]'],
  ["a list of columns", "table", '["table",[[[1]]]]'],
  ["a column that isn't a list", "table", '["table",{"a":1}]'],
  ["a column that isn't wrapped", "table", '["table",{"a":[1,2]}]'],
  ["a column of another expression", "table", '["table",{"a":["date",0]}]'],
  ["a column with a longer table", "table", '["table",{"a":[[1]],"b":["table",{"c":[[1,2]]}]}]'],
  ["a table in it without columns", "table", '["table",{"a":["table",{}]}]'],
  ["an unknown expression in a cell", "table", '["table",{"a":[[["nothing"]]]}]'],
  ["an empty list in a list of a cell", "table", '["table",{"a":[[[[[]]]]]}]'],
  ["an empty list outside of a table", "table", "[[[]]]"],
  ["plain JSON of nothing", "json", '["json"]'],
];

const performed = (number: number, name: string, perform: Performer) =>
  forServers(facts(number, name), perform);

const FIRST_VALUE = 3;
const FIRST_DROPPED = FIRST_VALUE + VALUES.length;
const FIRST_MALFORMED = FIRST_DROPPED + DROPPED.length;

/**
 * Plain JSON as it is, and lists of records as tables. A server that doesn't announce them has
 * nothing to do but to go on, and never to send any.
 */
export const documentScenarios: readonly Scenario[] = [
  ...[LISTS, RECORDS].map((value, i) =>
    exchange(
      facts(i + 1, `none without an announcement: ${i === 0 ? "lists" : "records"}`),
      [
        ["push", ["pipeline", 0, ["echo"], [value]]],
        ["pull", 1],
      ],
      [["resolve", 1, value]],
    ),
  ),
  ...VALUES.map(([name, needed, document, expected], i) =>
    performed(FIRST_VALUE + i, name, echoes(needed, document, expected)),
  ),
  ...DROPPED.map(([name, needed, text, expected], i) =>
    performed(FIRST_DROPPED + i, name, echoes([needed], JSON.parse(text), expected)),
  ),
  ...MALFORMED.map(([name, needed, text], i) => ({
    ...forServers(facts(FIRST_MALFORMED + i, `malformed: ${name}`, true), ends([needed], text)),
    survives: true,
  })),
];
