import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { writeAnnouncement } from "@capnweb/wire";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { loadScenarios, testServer, verdictOf } from "../src/conformance/index.ts";
import { serveReference } from "../src/reference/index.ts";

const scenarios = [...(await loadScenarios()).values()];
const options = { only: ["DOC-*", "HOS-*"], parallel: 4 };

const failed = (results: Awaited<ReturnType<typeof testServer>>) =>
  results.filter((each) => verdictOf(each) === "failed");

const saysDocument = ({ exchange }: { exchange?: readonly { text: string }[] | undefined }) =>
  exchange!.some(({ text }) => text.startsWith('["push"') && /\["(json|table)"/.test(text));

test("the reference server passes the scenarios of documents, which it gets", async () => {
  const server = await serveReference({ announce: true });
  onTestFinished(() => server.close());
  const results = await testServer(`ws://${server.address}/`, scenarios, options);
  expect(failed(results)).toEqual([]);
  const documents = results.filter(({ id }) => id.startsWith("DOC"));
  expect(documents.filter((each) => !saysDocument(each)).map(({ name }) => name)).toEqual([
    "documents: none without an announcement: lists",
    "documents: none without an announcement: records",
    "documents: malformed: an empty list outside of a table",
  ]);
});

test("a server without extensions passes them, and gets no documents", async () => {
  const server = await serveReference({ announce: false });
  onTestFinished(() => server.close());
  const results = await testServer(`ws://${server.address}/`, scenarios, {
    ...options,
    only: ["DOC-*"],
  });
  expect(failed(results)).toEqual([]);
  expect(results.filter(saysDocument)).toEqual([]);
});

/** Serves sessions that answer each call with `answer(expression)`. */
async function serve(answer: (call: readonly any[]) => unknown): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => {
    socket.send(JSON.stringify(writeAnnouncement({ features: ["json", "table"] })));
    let calls = 0;
    socket.on("message", (data) => {
      const [tag, call] = JSON.parse(String(data));
      if (tag === "push") socket.send(JSON.stringify(["resolve", ++calls, answer(call)]));
    });
  });
  await once(server, "listening");
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const namesOfFailures = async (url: string) => {
  const only = ["DOC-*"];
  const results = await testServer(url, scenarios, { only, parallel: 8, timeout: 200 });
  return failed(results).map(({ name }) => name.replace("documents: ", ""));
};

test("a server that looks into no document fails", async () => {
  const url = await serve(([, , [name], args]) => (name === "add" ? args[0] + args[1] : args[0]));
  const failures = await namesOfFailures(url);
  expect(failures).toContain("a result in a cell");
  expect(failures).toContain("names that are dropped, of columns");
  expect(failures.filter((name) => name.startsWith("malformed"))).toHaveLength(
    scenarios.filter(({ name }) => name.startsWith("documents: malformed")).length,
  );
  expect(failures).not.toContain("a table");
});

test("a server that sends documents without an announcement fails", async () => {
  const url = await serve(([, , [name], args]) => {
    if (name === "add") return args[0] + args[1];
    const [list] = args[0];
    return Array.isArray(list) ? ["json", JSON.parse(JSON.stringify(list))] : args[0];
  });
  expect(await namesOfFailures(url)).toEqual(
    expect.arrayContaining([
      "none without an announcement: lists",
      "none without an announcement: records",
    ]),
  );
});
