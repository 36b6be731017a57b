import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { InspectorModel, meaningOf } from "../src/model/index.ts";
import { NO_HISTORY } from "../src/model/store.ts";
import type { Entry } from "../src/recording/entry.ts";
import { Recorder, type SessionRecorder } from "../src/recording/recorder.ts";
import { WrittenSession } from "./session.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const MEBIBYTE = 1024 * 1024;

function heap(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** The megabytes of heap that `make` leaves behind, while its result is in use. */
function growth<T extends object>(make: () => T): number {
  const before = heap();
  const kept = make();
  const after = heap();
  expect(kept).toBeTypeOf("object");
  return (after - before) / 1e6;
}

function recorded(act: (session: SessionRecorder, recorder: Recorder) => void): Recorder {
  const recorder = new Recorder({ details: false, maxEntries: 100, maxBytes: MEBIBYTE });
  act(recorder.open({ label: "a client" }, "server"), recorder);
  return recorder;
}

const long = (i: number) => `${"x".repeat(500_000)}${i}`;
const call = (id: number, ...args: unknown[]) =>
  JSON.stringify(["push", ["pipeline", id, ["get"], args]]);

describe("a recorder keeps little", () => {
  test("of long calls whose results are held", () => {
    const made = growth(() =>
      recorded((session) => {
        for (let i = 0; i < 100; i++) session.frame("client", call(0, long(i)));
      }),
    );
    expect(made).toBeLessThan(10); // The texts have 50 MB.
  });

  test.each([
    ["empty", ""],
    ["tiny", "[]"],
    ["long", "x".repeat(40_000)],
    ["wide", "\u20ac".repeat(20_000)],
  ])("of many %s frames, as bytes too", (_, text) => {
    const before = process.memoryUsage().arrayBuffers;
    const made = growth(() =>
      recorded((session) => {
        for (let i = 0; i < 5_000; i++) session.frame("client", text);
      }),
    );
    expect(made).toBeLessThan(10);
    // The bound of the recorder, twice for what doesn't fit, and segments for later texts.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(7 * MEBIBYTE);
  });

  test("of short calls that were joined with long ones", () => {
    const made = growth(() =>
      recorded((session) => {
        for (let i = 0; i < 100; i++) {
          session.frame("client", `${call(0, 1)}\n${call(0, long(i))}\n["release",${2 * i + 2},1]`);
        }
      }),
    );
    expect(made).toBeLessThan(10);
  });

  test("of calls that each use the result of the one before", () => {
    const chain = (length: number) =>
      growth(() =>
        recorded((session) => {
          for (let i = 1; i <= length; i++) {
            session.frame("client", call(i - 1));
            if (i > 1) session.frame("client", JSON.stringify(["release", i - 1, 1]));
          }
        }),
      );
    chain(1_000);
    expect(chain(50_000)).toBeLessThan(5); // A call has about 300 bytes.
  });

  test("of capabilities that each came from the one before", () => {
    const made = growth(() =>
      recorded((session) => {
        for (let i = 1; i <= 30_000; i++) {
          session.frame("client", call(1 - i));
          session.frame("client", JSON.stringify(["pull", i]));
          session.frame("server", JSON.stringify(["resolve", i, ["export", -i]]));
          session.frame("client", JSON.stringify(["release", i, 1]));
          if (i > 1) session.frame("client", JSON.stringify(["release", 1 - i, 1]));
        }
      }),
    );
    expect(made).toBeLessThan(5);
  });

  test("of calls that were given up", () => {
    const made = growth(() =>
      recorded((session) => {
        for (let i = 1; i <= 20_000; i++) {
          session.frame("client", call(0, i));
          session.frame("client", JSON.stringify(["release", i, 1]));
        }
      }),
    );
    expect(made).toBeLessThan(3);
  });

  test("of the reasons for ends, and of errors that were noted", () => {
    const made = growth(() =>
      recorded((session, recorder) => {
        for (let i = 0; i < 100; i++) {
          const reason = new Error(JSON.parse(JSON.stringify(long(i))));
          recorder.open({ label: "another" }, "server").close(reason);
          session.note({ is: "failed", id: i, name: "Error", message: long(i) });
        }
      }),
    );
    expect(made).toBeLessThan(10);
  });
});

test("a page keeps little of long names, errors and messages", () => {
  const made = growth(() => {
    const model = new InspectorModel();
    const session = new WrittenSession();
    for (let i = 1; i <= 40; i++) {
      session.client(["push", ["pipeline", 0, [long(i)], []]], ["pull", i]);
      session.server(["reject", i, ["error", long(i), long(i)]]);
      for (const entry of session.entries.splice(0)) model.add(entry);
    }
    return model;
  });
  expect(made).toBeLessThan(10); // The texts have 60 MB.
});

describe("a frame of a million lines", () => {
  const lines = `["pull",1]\n[${"\n".repeat(MEBIBYTE)}`;

  test("is one unreadable message", () => {
    const model = new InspectorModel();
    for (const entry of new WrittenSession().frame("client", lines).entries) model.add(entry);
    expect([...model.messages].map(({ tag }) => tag)).toEqual(["pull", "?"]);
    expect([...model.problems]).toHaveLength(1);
  });

  test("is recorded up to the line that is no message", () => {
    const recorder = recorded((session) => session.frame("client", lines + lines));
    const [, frame] = recorder.entries as unknown as [unknown, Entry];
    expect(frame).toMatchObject({ frame: `["pull",1]\n[`, size: 2 * lines.length });
  });
});

describe("values that have no text", () => {
  const none = { toString: 1, valueOf: 1 };
  const messages = [
    ["push", ["pipeline", 0, ["get"], [["bigint", none]]]],
    ["push", ["pipeline", 0, ["get"], [["url", none]]]],
    ["push", ["pipeline", 0, ["get"], [["bytes", none, none]]]],
    ["push", ["pipeline", 0, ["get"], [["error", none, none]]]],
    ["push", ["pipeline", 0, ["get"], [["import", none, [none], [none]]]]],
    ["push", ["pipeline", 0, [none], []]],
    ["push", ["bigint", none]],
    ["reject", 1, ["error", none, none]],
    ["reject", 2, none],
    ["reject", 2 ** 31 - 1, { capnweb: { cancel: none, features: [[none]], context: none } }],
    ["release", 1, 1],
    ["abort", ["error", none, none]],
    ["abort", ["bigint", none]],
  ];

  test.each([undefined, NO_HISTORY])("break no model", (limits) => {
    const model = new InspectorModel(limits);
    for (const from of ["client", "server"] as const) {
      const session = new WrittenSession(from === "client" ? 1 : 2)[from](...messages);
      for (const entry of session.entries) model.add(entry);
    }
    for (const message of model.messages) expect(meaningOf(message)).toBeTypeOf("string");
    expect([...model.problems].filter(({ kind }) => kind === "message")).toEqual([]);
  });
});

test("a snapshot is possible after texts that only begin as calls do", () => {
  const cut = ['["push",["pipeline",0,["get"', '["stream",["pipeline",0,["get"]]]]]'];
  const model = recorded((session) => {
    for (let i = 0; i < 300; i++) session.frame("client", cut[i % 2]!);
  }).snapshot();
  expect(InspectorModel.from(model).held().length).toBeGreaterThan(100);
});

test("a snapshot has a bounded number of entries, the oldest", () => {
  const model = new InspectorModel();
  const session = new WrittenSession();
  for (let i = 0; i < 100; i++) session.client(["push", ["pipeline", 0, [`call${i}`], []]]);
  for (const entry of session.entries) model.add(entry);
  const held = InspectorModel.from(model.snapshot(10)).held();
  expect(held.map(({ from }) => from?.name)).toEqual([...Array(10).keys()].map((i) => `call${i}`));
});
