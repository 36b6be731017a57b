// A chunk may arrive for a blob whose call has failed already. Its references are given up.
import { expect, test } from "vitest";
import { RpcTarget } from "../src/index.ts";
import { scripted, settle } from "./support/pair.ts";

class Main extends RpcTarget {
  disposed = 0;
  size(blob: Blob) {
    return blob.size;
  }
  [Symbol.dispose]() {
    this.disposed++;
  }
}

test("a stub in a chunk for a blob of a failed call is released", async () => {
  const main = new Main();
  const { say, transport } = scripted(main);
  say(["pipe"]);
  // The call fails, because a pipe can't be called.
  const args = [
    ["pipeline", 1, []],
    ["blob", "a/b", ["readable", 1]],
  ];
  say(["push", ["pipeline", 0, ["size"], args]]);
  say(["stream", ["pipeline", 1, ["write"], [[[["import", 0], "x"]]]]]);
  await settle();
  transport.receiver.close(new Error("the test is over"));
  await settle();
  expect(main.disposed).toBe(1);
});
