import { DEFAULT_LIMITS } from "@capnweb/wire";
import { describe, expect, test } from "vitest";
import { RpcTarget } from "../../src/index.ts";
import { estimateSize } from "../../src/session/message-size.ts";
import { pair } from "../support/pair.ts";

class Api extends RpcTarget {
  echo(value: unknown) {
    return value;
  }
}

/** A list in which each list stands twice in the list around it. */
function doubled(depth: number): unknown {
  let list: unknown = [1];
  for (let i = 0; i < depth; i++) list = [list, list];
  return list;
}

function inItself(): unknown {
  const list: unknown[] = [];
  list.push({ list }, [list]);
  return list;
}

describe("the size of a structured clone", () => {
  test.each([
    ["lists in two places, 50 deep", doubled(50)],
    ["a list in itself", inItself()],
    ["a list of four billion holes", new Array(2 ** 32 - 1)],
  ])("is found for %s", (_, tree) => {
    // Sessions count it as heavy.
    expect(estimateSize(["push", tree])).toBeGreaterThan(65_536);
  });

  test("is about that of its JSON and its bytes", () => {
    const tree = [
      "push",
      ["pipeline", 0, ["echo"], [{ text: "x".repeat(500), list: [1, 2, null] }]],
    ];
    const json = JSON.stringify(tree).length;
    expect(estimateSize(tree) / json).toBeGreaterThan(0.9);
    expect(estimateSize(tree) / json).toBeLessThan(1.2);
    expect(estimateSize(["push", ["bytes", new Uint8Array(5_000)]])).toBeGreaterThan(5_000);
  });

  test("counts all elements of a list longer than the examined part", () => {
    expect(estimateSize(new Array(5_000_000).fill(1))).toBeGreaterThan(5_000_000);
  });
});

describe("a session that receives structured clones", () => {
  test.each([
    ["lists in two places, 50 deep", [doubled(50)], "BAD_EXPRESSION"],
    ["a list in itself", [inItself()], "BAD_EXPRESSION"],
    ["more values than it takes", [new Array(DEFAULT_LIMITS.maxValues + 1).fill(1)], "LIMIT"],
  ])("ends for %s", async (_, expression, code) => {
    const { api, server, serverEnd } = pair(new Api(), { level: "structuredClonable" });
    expect(await api.echo(1)).toBe(1);
    const reason = new Promise((resolve) => server.getRemoteMain().onRpcBroken(resolve));
    serverEnd.receiver.receive(["push", expression]);
    expect(await reason).toMatchObject({ code });
    expect(server.getStats()).toEqual({ imports: 0, exports: 0 });
  });
});
