// A peer makes a pipe's reading end a part of a chunk written to the pipe. No reader would ever
// reach it, and a closed pipe waits to be read, so the chunk and its references would be held for
// ever.
import { describe, expect, test } from "vitest";
import { RpcTarget } from "../src/index.ts";
import { scripted, settle } from "./support/pair.ts";

class Main extends RpcTarget {
  disposed = 0;
  list(...values: unknown[]) {
    return values;
  }
  async count(stream: any) {
    let chunks = 0;
    for await (const chunk of stream) {
      chunks++;
      if (chunk instanceof ReadableStream) chunks += await this.count(chunk);
      else chunk?.[Symbol.dispose]?.();
    }
    return chunks;
  }
  [Symbol.dispose]() {
    this.disposed++;
  }
}

const MAIN = ["import", 0];
const write = (pipe: number, ...chunk: unknown[]) => [
  "stream",
  ["pipeline", pipe, ["write"], [[chunk]]],
];
const close = (pipe: number) => ["stream", ["pipeline", pipe, ["close"], []]];
const push = (...args: unknown[]) => ["push", ["pipeline", 0, ["list"], args]];

describe("a stream that would hold itself is refused, and its references are disposed of", () => {
  const CASES: readonly [string, unknown[]][] = [
    ["in its own chunk", [["pipe"], write(1, ["readable", 1], MAIN), close(1)]],
    [
      "in a chunk of a stream in its own chunk",
      [
        ["pipe"],
        ["pipe"],
        write(1, ["readable", 2], MAIN),
        close(1),
        write(2, ["readable", 1], MAIN),
        close(2),
      ],
    ],
    ["in a body", [["pipe"], write(1, ["response", ["readable", 1], {}], MAIN), close(1)]],
    [
      "by way of a result that a chunk's stub refers to",
      [["pipe"], push(["readable", 1]), write(1, ["import", 2], MAIN), close(1)],
    ],
    [
      "by way of a result that is still to come",
      [
        ["pipe"],
        push(["promise", -1], ["readable", 1]),
        write(1, ["import", 2], MAIN),
        close(1),
        ["release", 1, 1],
        ["resolve", -1, 1],
      ],
    ],
    [
      "in a Blob beside the writing end, which the peer has released",
      [
        ["pipe"],
        [
          "stream",
          ["pipeline", 1, ["write"], [[[["blob", "", ["readable", 1]], MAIN, ["import", 1]]]]],
        ],
        ["release", 1, 1],
      ],
    ],
    [
      "by way of a promise in a chunk",
      [["pipe"], push(["readable", 1]), write(1, ["pipeline", 2], MAIN), close(1)],
    ],
  ];

  test.each(CASES)("%s", async (_, messages) => {
    const main = new Main();
    const { say, transport, ended } = scripted(main);
    for (const message of messages) {
      say(message);
      await settle(2);
    }
    expect(ended.reason).toBeUndefined();
    transport.receiver.close(new Error("gone"));
    await settle();
    expect(main.disposed).toBe(1);
  });
});

test("streams in chunks of streams are read to their ends, even after the session's", async () => {
  const main = new Main();
  const { say, sent, ended } = scripted(main);
  for (const message of [
    ["pipe"],
    ["pipe"],
    ["stream", ["pipeline", 2, ["write"], [MAIN]]],
    close(2),
    ["stream", ["pipeline", 1, ["write"], [["readable", 2]]]],
    ["stream", ["pipeline", 1, ["write"], [MAIN]]],
    close(1),
    ["push", ["pipeline", 0, ["count"], [["readable", 1]]]],
  ]) {
    say(message);
  }
  say(["pull", 8]);
  await settle(20);
  expect(ended.reason).toBeUndefined();
  expect(sent.find(([tag, id]) => tag === "resolve" && id === 8)).toEqual(["resolve", 8, 3]);
});

test("a released pipe counts as long as something refers to its writing end", async () => {
  const { say, ended } = scripted(new Main(), { limits: { maxPipes: 5 } });
  let id = 0;
  const loop = async (isHeld: boolean) => {
    for (let i = 0; i < 10 && !ended.reason; i++) {
      say(["pipe"]);
      const pipe = ++id;
      say(["push", ["pipeline", 0, ["list"], [["import", pipe]]]]);
      const holder = ++id;
      say(["release", pipe, 1]);
      if (!isHeld) say(["release", holder, 1]);
      // Arguments are disposed of a moment later.
      await settle(1);
    }
  };
  await loop(false);
  expect(ended.reason).toBeUndefined();
  await loop(true);
  expect(ended.reason).toMatchObject({ limit: "maxPipes" });
});
