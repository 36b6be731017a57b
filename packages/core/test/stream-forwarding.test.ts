import { expect, test } from "vitest";
import { RpcTarget } from "../src/index.ts";
import { pair, scripted, settle } from "./support/pair.ts";

test("stubs in chunks of a forwarded stream are released once the last reader disposed of them", async () => {
  let disposed = 0;
  class Thing extends RpcTarget {
    name() {
      return "thing";
    }
    [Symbol.dispose]() {
      disposed++;
    }
  }
  class Last extends RpcTarget {
    async names(stream: ReadableStream<any>) {
      const names = [];
      for await (const chunk of stream) {
        const thing = typeof chunk === "function" ? chunk : chunk.thing;
        names.push(await thing.name());
        chunk[Symbol.dispose]();
      }
      return names;
    }
  }
  const next = pair(new Last());
  class Main extends RpcTarget {
    async pass(stream: ReadableStream) {
      return [...(await (next.api as any).names(stream))];
    }
  }
  const first = pair(new Main());
  const chunks = [new Thing(), { thing: new Thing() }];
  const stream = new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  });
  expect([...(await (first.api as any).pass(stream))]).toEqual(["thing", "thing"]);
  await settle();
  expect(disposed).toBe(2);
  expect(first.isClean()).toBe(true);
  expect(next.isClean()).toBe(true);
});

test("a pipe ends with its session, even if something waiting for its end refers to it", async () => {
  let disposed = 0;
  class Main extends RpcTarget {
    async size(blob: Blob) {
      return blob.size;
    }
    [Symbol.dispose]() {
      disposed++;
    }
  }
  const { say, transport } = scripted(new Main());
  say(["pipe"]);
  say(["push", ["pipeline", 0, ["size"], [["blob", "", ["readable", 1]]]]]);
  // Its capture is a reference to the writing end.
  say([
    "push",
    [
      "remap",
      2,
      [],
      [
        ["import", 1],
        ["import", 0],
      ],
      [["pipeline", 0]],
    ],
  ]);
  await settle();
  transport.receiver.close(new Error("the end"));
  await settle();
  expect(disposed).toBe(1);
});
