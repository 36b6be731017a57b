import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { expect, it, onTestFinished } from "vitest";
import { failure } from "../../../testing/outcomes.ts";
import { runExample } from "../../../testing/run-example.ts";
import { serve } from "../src/server.ts";

it("calculates, reports an error, and keeps totals apart", async () => {
  expect(await runExample(import.meta.url)).toEqual([
    "2 + 3 = 5",
    "(2 + 3) × 4 = 20",
    "1 / 0 fails: A number can't be divided by 0. (DIVIDED_BY_ZERO)",
    "my total: 15",
    "another total: 1",
    // Both are given up with the session at the latest, in any order.
    expect.stringMatching(/^server: a total of (1|15) is given up$/),
    expect.stringMatching(/^server: a total of (1|15) is given up$/),
  ]);
});

it("refuses arguments of other types than the client's compiler would allow", async () => {
  const server = await serve();
  const calculator = newWebSocketRpcSession<any>(server.url);
  onTestFinished(() => {
    calculator[Symbol.dispose]();
    server.close();
  });
  expect(await failure(calculator.add("1", 2))).toMatchObject({
    message: "Expected a number, not string.",
  });
});
