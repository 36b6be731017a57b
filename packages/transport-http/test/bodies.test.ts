import { describe, expect, test } from "vitest";
import { newHttpBatchRpcSession } from "../src/index.ts";
import { type Api, bodyOf, KINDS, SERVERS } from "./support.ts";

const LINES = bodyOf("add", 1, 2).split("\n");

/** Bodies with the same messages, as other programs write them. */
const LAYOUTS: [name: string, layOut: (lines: string[]) => string][] = [
  ["a final newline", (lines) => `${lines.join("\n")}\n`],
  ["CRLF between messages", (lines) => lines.join("\r\n")],
  ["CRLF after each message", (lines) => lines.map((line) => `${line}\r\n`).join("")],
  ["a byte order mark", (lines) => `\ufeff${lines.join("\n")}`],
];

describe.each(LAYOUTS)("a batch with %s", (_, layOut) => {
  test.each(KINDS)("is taken by a %s server", async (kind) => {
    const { ask } = await SERVERS[kind]();
    const response = await ask({ method: "POST", body: layOut(LINES) });
    expect([response.status, await response.text()]).toEqual([200, '["resolve",1,3]']);
  });

  test("is taken by a client", async () => {
    const fetch = async () => new Response(layOut(['["resolve",1,3]', '["resolve",2,7]']));
    const api = newHttpBatchRpcSession<Api>("http://server.invalid/", { fetch });
    expect(await Promise.all([api.add(1, 2), api.add(3, 4)])).toEqual([3, 7]);
  });
});

test.each(KINDS)("a batch of a single newline is empty to a %s server", async (kind) => {
  const { ask } = await SERVERS[kind]();
  for (const body of ["\n", "\r\n"]) {
    const response = await ask({ method: "POST", body });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  }
});

test.each(KINDS)("an empty line between messages is ignored by a %s server", async (kind) => {
  const { ask } = await SERVERS[kind]();
  const response = await ask({ method: "POST", body: LINES.join("\n\n") });
  expect(response.status).toBe(400);
});
