import { describe, expect, test } from "vitest";
import { InspectorModel, isSwallowed, meaningOf } from "../src/model/index.ts";
import { WrittenSession } from "./session.ts";

function modelOf(...sessions: readonly WrittenSession[]): InspectorModel {
  const model = new InspectorModel();
  for (const { entries } of sessions) for (const entry of entries) model.add(entry);
  return model;
}

const call = (id: number, name: string, ...args: unknown[]) => [
  "push",
  ["pipeline", id, name.split("."), args],
];
const streamed = (id: number, name: string, ...args: unknown[]) => [
  "stream",
  ["pipeline", id, name.split("."), args],
];

describe("calls", () => {
  test("have a name, arguments, an outcome and times", () => {
    const session = new WrittenSession()
      .client(call(0, "users.get", 7), ["pull", 1])
      .server(["resolve", 1, { name: "Ada", tags: [["x"]] }])
      .client(["release", 1, 1]);
    const [first] = modelOf(session).calls;
    expect(first).toMatchObject({
      name: "users.get",
      args: "7",
      by: "client",
      state: "resolved",
      result: '{ name: "Ada", tags: ["x"] }',
      sentAt: 1_001,
      pulledAt: 1_002,
      answeredAt: 1_003,
      releasedAt: 1_004,
    });
  });

  test("that fail are errors", () => {
    const session = new WrittenSession()
      .client(streamed(0, "fail"))
      .server(["reject", 1, ["error", "RangeError", "too much"]]);
    const model = modelOf(session);
    expect([...model.calls][0]).toMatchObject({ state: "rejected" });
    expect([...model.problems]).toMatchObject([
      { kind: "call", failure: { name: "RangeError", message: "too much" } },
    ]);
  });

  test("without an answer are lost with their session, or dropped by their caller", () => {
    const session = new WrittenSession()
      .client(call(0, "a"), call(0, "b"), ["release", 1, 1])
      .close();
    expect([...modelOf(session).calls].map(({ state }) => state)).toEqual(["dropped", "lost"]);
  });

  test("in joined frames count one by one", () => {
    const text = [call(0, "a"), ["pull", 1], call(0, "b")].map((each) => JSON.stringify(each));
    const model = modelOf(new WrittenSession().frame("client", text.join("\n")));
    expect([...model.calls].map(({ name, id }) => `${id} ${name}`)).toEqual(["1 a", "2 b"]);
    expect(model.messages.length).toBe(3);
  });

  test("of a map have one name for all indexes", () => {
    const session = new WrittenSession().client(
      ["push", ["pipeline", 0, ["rows", 3, "name"]]],
      ["push", ["remap", 0, ["rows"], [], [["pipeline", 0, ["id"]]]]],
    );
    expect([...modelOf(session).calls].map(({ name }) => name)).toEqual([
      "rows[].name",
      "rows.map()",
    ]);
  });
});

describe("the pipeline", () => {
  test("calls on a result wait for it, in the same round trip", () => {
    const session = new WrittenSession().client(call(0, "open"), call(1, "read"), ["pull", 2]);
    const [open, read] = modelOf(session).calls;
    expect(read!.waitsFor).toEqual([open]);
    expect([open!.trip, read!.trip]).toEqual([1, 1]);
    expect(open!.pipelined).toBe(1);
  });

  test("results as arguments make a call wait as well", () => {
    const session = new WrittenSession().client(
      call(0, "a"),
      call(0, "b", { of: ["pipeline", 1] }),
    );
    const [a, b] = modelOf(session).calls;
    expect(b!.waitsFor).toEqual([a]);
  });

  test("an answer begins another round trip", () => {
    const session = new WrittenSession()
      .client(call(0, "a"), call(0, "b"), ["pull", 1])
      .server(["resolve", 1, 1])
      .client(call(0, "c"));
    expect([...modelOf(session).calls].map(({ trip }) => trip)).toEqual([1, 1, 2]);
  });

  test("the first call on a capability soon after its arrival wasted a round trip", () => {
    const session = new WrittenSession()
      .client(call(0, "open"), ["pull", 1])
      .server(["resolve", 1, ["export", -1]])
      .client(["release", 1, 1], call(-1, "read"), call(-1, "read"));
    const [open, read, again] = modelOf(session).calls;
    expect(read!.waste).toMatchObject({ of: open, uses: "capability", gap: 2 });
    expect(again!.waste).toBeUndefined();
  });

  test("so did a call with a value of the answer", () => {
    const session = new WrittenSession()
      .client(streamed(0, "login"))
      .server(["resolve", 1, { user: { id: "u-17" } }])
      .client(streamed(0, "profile", "u-17"));
    const [login, profile] = modelOf(session).calls;
    expect(profile!.waste).toMatchObject({ of: login, uses: "value" });
  });

  test("a use much later is no waste, and a small number is no proof", () => {
    const session = new WrittenSession()
      .client(streamed(0, "open"), streamed(0, "count"))
      .server(["resolve", 1, ["export", -1]], ["resolve", 2, 3])
      .client(streamed(0, "page", 3))
      .pass(10_000)
      .client(streamed(-1, "read"));
    expect([...modelOf(session).calls].map(({ waste }) => waste)).toEqual(Array(4).fill(undefined));
  });
});

describe("capabilities", () => {
  test("are held until all references are released", () => {
    const session = new WrittenSession()
      .client(streamed(0, "open"), streamed(0, "open"))
      .server(["resolve", 1, ["export", -1]], ["resolve", 2, ["export", -1]])
      .client(["release", -1, 1]);
    const model = modelOf(session);
    const stub = () => model.held().find(({ kind }) => kind === "stub");
    expect(stub()).toMatchObject({ owner: "server", count: 1, since: 1_003, how: "answer" });
    expect(stub()!.from!.name).toBe("open");
    for (const entry of session.client(["release", -1, 1]).entries.slice(-1)) model.add(entry);
    expect(stub()).toBeUndefined();
    expect([...model.capabilities].find(({ id }) => id === -1)).toMatchObject({
      releasedAt: 1_006,
    });
  });

  test("come with arguments too, and say which call brought them", () => {
    const session = new WrittenSession().client(streamed(0, "subscribe", ["export", -1]));
    const [stub] = modelOf(session)
      .held()
      .filter(({ kind }) => kind === "stub");
    expect(stub).toMatchObject({ owner: "client", how: "argument" });
  });

  test("results that weren't given up count", () => {
    const session = new WrittenSession().client(call(0, "open")).pass(5_000);
    expect(
      modelOf(session)
        .held()
        .filter(({ kind }) => kind === "result"),
    ).toHaveLength(1);
  });

  test("no reference is left of a session that ended", () => {
    const session = new WrittenSession().client(call(0, "a", ["export", -1])).close();
    expect(modelOf(session).held()).toEqual([]);
  });
});

describe("streams", () => {
  test("have a window: the bytes that the reader hasn't taken", () => {
    const chunk = ["stream", ["pipeline", 1, ["write"], ["x".repeat(100)]]];
    const session = new WrittenSession()
      .client(["pipe"], call(0, "upload", ["readable", 1]), chunk, chunk)
      .server(["resolve", 3, ["undefined"]])
      .client(chunk, ["stream", ["pipeline", 1, ["close"], []]]);
    const model = modelOf(session);
    const [stream] = model.streams;
    const size = JSON.stringify(chunk).length;
    expect(stream).toMatchObject({
      by: "client",
      chunks: 3,
      waiting: 2,
      waitingSize: 2 * size,
      window: 2 * size,
      state: "closed",
    });
    expect([...model.calls].map(({ name }) => name)).toEqual(["upload"]);
  });

  test("writers that a side hands over are streams of the other", () => {
    const session = new WrittenSession()
      .client(call(0, "log", ["writable", -1]))
      .server(["stream", ["pipeline", -1, ["write"], ["line"]]]);
    expect([...modelOf(session).streams]).toMatchObject([{ by: "server", chunks: 1 }]);
  });
});

describe("notes of the process", () => {
  test("a failure that nobody asks for is swallowed", () => {
    const session = new WrittenSession(1, "server")
      .client(call(0, "save"))
      .note({ is: "served", serial: 1, name: "save", target: "Store" })
      .note({ is: "failed", id: 1, name: "Error", message: "disk full" })
      .client(["release", 1, 1]);
    const model = modelOf(session);
    const [save] = model.calls;
    expect(save).toMatchObject({ target: "Store", failure: { message: "disk full" } });
    expect(isSwallowed(save!, 1_010)).toBe(true);
    expect([...model.problems]).toHaveLength(1);
    expect([...model.methods.values()]).toMatchObject([{ name: "save", failed: 1, open: 0 }]);
  });

  test("so is one that comes after the caller gave the result up", () => {
    const session = new WrittenSession()
      .client(call(0, "save"), ["pull", 1], ["release", 1, 1])
      .server(["reject", 1, ["error", "Error", "disk full"]]);
    const model = modelOf(session);
    expect(isSwallowed([...model.calls][0]!, 1_010)).toBe(true);
    expect([...model.problems]).toHaveLength(1);
  });

  test("one that the caller gets from another call isn't", () => {
    const session = new WrittenSession(1, "server")
      .client(call(0, "open"), call(1, "name"), ["pull", 2])
      .note({ is: "failed", id: 1, name: "Error", message: "no such file" })
      .server(["reject", 2, ["error", "Error", "no such file"]])
      .client(["release", 1, 1], ["release", 2, 1]);
    const model = modelOf(session);
    expect([...model.calls].map((each) => isSwallowed(each, 99_999))).toEqual([false, false]);
    expect([...model.problems].map(({ call: failed }) => failed?.name)).toEqual(["name"]);
  });

  test("a failure that the caller got isn't", () => {
    const session = new WrittenSession(1, "server")
      .client(call(0, "save"))
      .note({ is: "failed", id: 1, name: "Error", message: "disk full" })
      .client(["pull", 1])
      .server(["reject", 1, ["error", "Error", "disk full"]]);
    const model = modelOf(session);
    expect(isSwallowed([...model.calls][0]!, 99_999)).toBe(false);
    expect([...model.problems]).toHaveLength(1);
    expect([...model.methods.values()]).toMatchObject([{ name: "save", failed: 1, count: 1 }]);
  });

  test("a call that never ran gets no note of a later one", () => {
    const session = new WrittenSession(1, "server")
      .client(streamed(0, "save"))
      .server(["reject", 1, ["error", "Error", "the result failed before"]])
      .client(streamed(0, "save"))
      .note({ is: "served", serial: 1, name: "save", target: "Store" });
    expect([...modelOf(session).calls].map(({ target }) => target)).toEqual([undefined, "Store"]);
  });

  test("capabilities get the name of their class, and the stack of their creation", () => {
    const session = new WrittenSession(1, "server")
      .client(streamed(0, "open"))
      .note({ is: "served", serial: 1, name: "open", target: "Shop" })
      .note({ is: "gave", serial: 1, given: [{ label: "Cart", stack: "at Shop.open" }] })
      .server(["resolve", 1, ["export", -1]]);
    const [cart] = modelOf(session)
      .held()
      .filter(({ kind }) => kind === "stub");
    expect(cart).toMatchObject({ label: "Cart", stack: "at Shop.open" });
  });

  test("calls of the process have the stack that made them", () => {
    const session = new WrittenSession(1, "server")
      .note({ is: "called", name: "notify", stack: "at main.ts:3" })
      .server(streamed(0, "notify", ["export", -1]));
    const model = modelOf(session);
    expect([...model.calls][0]!.stack).toBe("at main.ts:3");
    expect(model.held().find(({ kind }) => kind === "stub")!.stack).toBe("at main.ts:3");
  });
});

describe("hostile input", () => {
  test.each([
    "",
    "[",
    "null",
    '["push"]',
    '["push",["pipeline",0,["__proto__"],[]]]',
    '["push",["remap",0,{"a":1},"x",7]]',
    '["resolve",1,["error"]]',
    '["reject",1,["error",{},{}]]',
    '["release",-1,1e308]',
    '["stream",["pipeline",0,["write"],[["readable",99]]]]',
    `["push",${"[[".repeat(5_000)}1${"]]".repeat(5_000)}]`,
    '["reject",2147483647,{"capnweb":{"features":{"length":1e9}}}]',
  ])("%s does no harm", (text) => {
    const model = modelOf(new WrittenSession().frame("client", text).client(call(0, "after")));
    expect([...model.calls].at(-1)!.name).toBe("after");
    for (const message of model.messages) expect(typeof meaningOf(message)).toBe("string");
  });

  test("history is bounded, and says how much it dropped", () => {
    const model = new InspectorModel({
      calls: 10,
      messages: 10,
      capabilities: 10,
      streams: 10,
      problems: 10,
    });
    const session = new WrittenSession();
    for (let i = 1; i <= 50; i++) {
      session.client(call(0, `made-up-${i}`)).server(["reject", i, ["error", "E", "x"]]);
    }
    for (const entry of session.entries) model.add(entry);
    expect(model.calls.length).toBe(10);
    expect(model.calls.start).toBe(40);
    expect(model.problems.length).toBe(10);
    expect(model.messages.start).toBe(90);
  });

  test("made-up names of methods share one row once there are too many", () => {
    const session = new WrittenSession();
    for (let i = 1; i <= 600; i++) session.client(call(0, `m${i}`));
    const { methods } = modelOf(session);
    expect(methods.size).toBeLessThanOrEqual(501);
    expect(methods.get("client (other methods)")!.open).toBe(100);
  });

  test("long names are cut", () => {
    const model = modelOf(
      new WrittenSession().client(call(0, "x".repeat(100_000), "y".repeat(9e5))),
    );
    const [only] = model.calls;
    expect(only!.name.length).toBeLessThan(200);
    expect(only!.args.length).toBeLessThan(200);
    expect([...model.messages][0]!.text.length).toBeLessThan(30_000);
  });

  test("a table that a peer fills forgets its oldest entries", () => {
    const session = new WrittenSession();
    const lines = Array.from({ length: 25_000 }, () => '["push",["pipeline",0,["a"],[]]]');
    const model = modelOf(session.frame("client", lines.join("\n")));
    expect(model.held().length).toBeLessThanOrEqual(20_002);
  });
});

test("messages are explained in words", () => {
  const session = new WrittenSession()
    .client(call(0, "users.list", 2), call(1, "first"), ["pull", 2])
    .server(["resolve", 2, ["export", -1]])
    .client(["release", 2, 1], ["release", -1, 2], ["pipe"]);
  expect([...modelOf(session).messages].map(meaningOf)).toEqual([
    "#1 users.list(2)",
    "#2 first() on the result of #1 users.list",
    "asks for the result of #2 first",
    "answers #2 first: «capability -1»",
    "gives up the result of #2 first",
    "releases capability -1 (2 references)",
    "#3 opens a stream",
  ]);
});

test("another model goes on from a snapshot", () => {
  const before = new WrittenSession()
    .client(streamed(0, "open"), call(0, "slow"), ["pipe"])
    .server(["resolve", 1, ["export", -1]])
    .client(["stream", ["pipeline", 3, ["write"], ["x"]]]);
  const first = modelOf(before);
  const second = InspectorModel.from(JSON.parse(JSON.stringify(first.snapshot())));
  const rest = new WrittenSession()
    .client(["pull", 2], call(-1, "read"), ["release", -1, 1])
    .server(["resolve", 2, 5], ["resolve", 4, ["undefined"]]);
  for (const entry of rest.entries.slice(1)) second.add(entry);
  const [open, slow, read] = second.calls;
  expect([open!.name, slow!.name, read!.name]).toEqual(["open", "slow", "read"]);
  expect(slow).toMatchObject({ state: "resolved" });
  expect(read!.id).toBe(5);
  expect(read!.on!.from).toBe(open);
  expect([...second.streams]).toMatchObject([{ chunks: 1, waiting: 0 }]);
  expect(second.held().filter(({ kind }) => kind === "stub")).toEqual([]);
});
