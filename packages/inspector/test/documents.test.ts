import { describe, expect, test } from "vitest";
import { InspectorModel, meaningOf, testOf } from "../src/model/index.ts";
import { Recorder } from "../src/recording/recorder.ts";
import { WrittenSession } from "./session.ts";

function modelOf({ entries }: WrittenSession): InspectorModel {
  const model = new InspectorModel();
  for (const entry of entries) model.add(entry);
  return model;
}

const streamed = (id: number, name: string, ...args: unknown[]) => [
  "stream",
  ["pipeline", id, name.split("."), args],
];

const TABLE = [
  "table",
  {
    id: [[117, 118]],
    by: [
      "table",
      {
        name: [["Ada", []]],
        at: [
          [
            ["date", 0],
            ["export", -1],
          ],
        ],
      },
    ],
    tags: ["json", [["new"], []]],
  },
];

const TABLE_TEXT =
  '[{ id: 117, by: { name: "Ada", at: 1970-01-01T00:00:00.000Z }, tags: ["new"] }, ' +
  "{ id: 118, by: { at: «capability -1» }, tags: [] }]";

/** Lists that look like expressions, and are none. */
const JSON_LIST = ["json", [["import", 0], { a: ["export", -9], b: [] }, ["json", ["url", "x"]]]];

const JSON_TEXT = '[["import", 0], { a: ["export", -9], b: [] }, ["json", ["url", "x"]]]';

describe("documents", () => {
  test("are shown as the values that they stand for", () => {
    const session = new WrittenSession()
      .client(streamed(0, "save", TABLE), streamed(0, "echo", JSON_LIST, ["json", 5]))
      .server(["resolve", 1, TABLE], ["resolve", 2, { a: JSON_LIST }]);
    const model = modelOf(session);
    const [save, echo] = model.calls;
    expect(save!.result).toBe(TABLE_TEXT);
    expect(echo!.result).toBe(`{ a: ${JSON_TEXT} }`);
    expect(echo!.args).toBe(`${JSON_TEXT}, 5`);
    expect([...model.messages].map(meaningOf).slice(1, 3)).toEqual([
      `#2 echo(${JSON_TEXT}, 5)`,
      `answers #1 save: ${TABLE_TEXT.slice(0, 119)}…`,
    ]);
  });

  test("hand over the capabilities in cells, and none in plain JSON", () => {
    const session = new WrittenSession()
      .client(streamed(0, "open"), streamed(0, "list"))
      .server(["resolve", 1, TABLE], ["resolve", 2, JSON_LIST]);
    const stubs = modelOf(session)
      .held()
      .filter(({ kind }) => kind === "stub");
    expect(stubs.map(({ id, from }) => [id, from!.name])).toEqual([[-1, "open"]]);
  });

  test("use only the results that cells name", () => {
    const cells = [["pipeline", 1], [], ["json", ["pipeline", 2]]];
    const session = new WrittenSession().client(
      ["push", ["pipeline", 0, ["a"], []]],
      ["push", ["pipeline", 0, ["b"], []]],
      streamed(0, "c", ["table", { x: [cells], y: ["json", [["pipeline", 2], 0, 0]] }]),
    );
    const [a, , c] = modelOf(session).calls;
    expect(c!.waitsFor).toEqual([a]);
  });

  test("show that a call waited for a value in them", () => {
    const session = new WrittenSession()
      .client(streamed(0, "list"))
      .server(["resolve", 1, TABLE])
      .client(streamed(0, "get", ["json", [118]]));
    const [list, get] = modelOf(session).calls;
    expect(get!.waste).toMatchObject({ of: list, uses: "value" });
  });

  test("that are malformed or huge are shown in part", () => {
    const rows = 100_000;
    const wide = [
      "table",
      Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [i, [[i]]])),
    ];
    let nested: unknown = [Array(rows).fill(1)];
    for (let level = 0; level < 100; level++) nested = ["table", { a: nested }];
    const args = [["table", { a: [[1]], b: [[]] }], ["table"], ["json"], wide, nested];
    const session = new WrittenSession().client(...args.map((each) => streamed(0, "m", each)));
    const deep = (levels: number, open: string, close: string) =>
      `["stream",["pipeline",0,["m"],[${open.repeat(levels)}1${close.repeat(levels)}]]]`;
    session.frame("client", deep(50_000, '["table",{"a":', "}]"));
    session.frame("client", deep(20_000, '["json",[', "]]"));
    const texts = [...modelOf(session).calls].map((each) => each.args);
    expect(texts.slice(0, 3)).toEqual(["table(…)", "table(…)", "undefined"]);
    expect(texts).toHaveLength(7);
    for (const text of texts) expect(text.length).toBeLessThan(200);
  });

  test("in a message that is kept in part leave their references", () => {
    const recorder = new Recorder();
    const filler = "x".repeat(2 * 1024 * 1024);
    const long = [
      "table",
      { a: [[["export", -1], filler]], b: ["json", [["export", -9], [filler]]] },
    ];
    recorder.open({ label: "a" }).frame("server", JSON.stringify(["resolve", 1, long]));
    const [, entry] = recorder.entries;
    expect(entry).toMatchObject({ frame: '["resolve",1,[[["export",-1]]]]' });
  });

  test("are ordinary expressions in a session that is saved as a test, bytes included", () => {
    const bytes = (length: number) => new Uint8Array(length).fill(length);
    const data = {
      a: [
        [
          ["bytes", 1],
          ["bytes", 2],
        ],
      ],
      b: ["json", [["bytes", 3], []]],
    };
    const session = new WrittenSession()
      .frame("client", bytes(1))
      .frame("client", bytes(2))
      .frame("client", bytes(3))
      .client(streamed(0, "save", ["table", { ...data, c: [[[], ["bytes", 3, "DataView"]]] }]))
      .server(["resolve", 1, { a: JSON_LIST }]);
    const { transcript, gaps } = testOf(session.entries, 1, "a visit");
    expect(gaps).toEqual([]);
    const messages = transcript.lines.map(({ text }) => text && JSON.parse(text));
    const records = [
      { a: ["bytes", "AQ"], b: [["bytes", 3]] },
      { a: ["bytes", "AgI"], b: [[]], c: ["bytes", "AwMD", "DataView"] },
    ];
    expect(messages[0]).toEqual(["push", ["pipeline", 0, ["save"], [[records]]]]);
    expect(messages[2]).toEqual([
      "resolve",
      1,
      { a: [[[["import", 0]], { a: [["export", -9]], b: [[]] }, [["json", [["url", "x"]]]]]] },
    ]);
  });

  test("that are malformed leave a gap in a saved test", () => {
    const session = new WrittenSession().client(streamed(0, "save", ["table", {}]));
    expect(testOf(session.entries, 1, "a visit").gaps).toEqual([
      expect.stringMatching(/^A message of the client couldn't be read/),
      "The session has no messages.",
    ]);
  });
});

test("writes to a stream that the other side handed over are saved as they were", () => {
  const write = ["stream", ["pipeline", -1, ["write"], ["line"]]];
  const session = new WrittenSession()
    .client(["push", ["pipeline", 0, ["log"], [["writable", -1]]]])
    .server(write)
    .client(["resolve", 1, ["undefined"]]);
  const { transcript } = testOf(session.entries, 1, "a visit");
  const messages = transcript.lines.map(({ text }) => text && JSON.parse(text));
  expect(messages).toContainEqual(write);
});
