import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { verdictOf } from "../src/conformance/result.ts";
import { loadScenarios } from "../src/conformance/scenarios/index.ts";
import type { ServerTestOptions } from "../src/conformance/server-test-options.ts";
import { testServer } from "../src/conformance/test-server.ts";
import { failureLines, PLAIN_SPACE } from "../src/report/human.ts";

const scenarios = [...(await loadScenarios()).values()];

/** For servers that do much on a machine that may be busy. */
const PATIENT: ServerTestOptions = { timeout: 60_000 };

/** Tests a server on WebSockets that does `act` with each. */
async function testWebSocket(act: (socket: WebSocket) => void, options?: ServerTestOptions) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => {
    socket.on("error", () => {});
    act(socket);
  });
  await once(server, "listening");
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return await run(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, options);
}

/** Tests a server of batches. */
async function testBatch(act: RequestListener, options?: ServerTestOptions) {
  const server = createServer((request, response) => {
    response.on("error", () => {});
    act(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, options);
}

async function run(url: string, options: ServerTestOptions = {}) {
  return await testServer(url, scenarios, { only: ["VAL-002"], timeout: 5000, ...options });
}

test.each([
  ["nested too deep", "[".repeat(100_000) + "]".repeat(100_000)],
  ["nested too deep in a value", `["resolve",1,${"[".repeat(100_000)}${"]".repeat(100_000)}]`],
  ["with an object as the tag", '[{"toString":1,"valueOf":1}]'],
  ["with an object as the id", '["resolve",{"toString":1,"valueOf":1},1]'],
  ["with an object as the count", '["release",0,{"toString":1,"valueOf":1}]'],
])("a message %s is a failure, and the run goes on", async (_, message) => {
  const [result] = await testWebSocket((socket) => socket.send(message));
  expect(result!.failure).toContain("which isn't a message");
  expect(failureLines(result!, PLAIN_SPACE)).toContain("FAIL VAL-002");
});

test("a flood of messages ends the scenario, and isn't kept", async () => {
  const [result] = await testWebSocket((socket) => {
    for (let id = 1000; id < 25_000; id++) socket.send(`["resolve",${id},1]`);
  });
  expect(result!.failure).toContain("the kit ended it after 20001 messages");
  expect(result!.exchange!.length).toBeLessThan(100);
});

test("a failure tells whether other messages came", async () => {
  const options = { timeout: 300 };
  const [result] = await testWebSocket((socket) => {
    socket.once("message", () => socket.send('["resolve",9,1]'));
  }, options);
  expect(result!.failure).toContain("nothing came for 300 ms but other messages (1)");
});

test("a message that comes together with the handshake isn't lost", async () => {
  const [result] = await testWebSocket((socket) => socket.send('["resolve",1,5]'));
  expect(result!.failure).toContain('got ["resolve",1,5]');
});

test("a server that says nothing at all is given up", async () => {
  const results = await testWebSocket(() => {}, { only: ["VAL-*"], timeout: 20 });
  const skipped = results.filter((each) => each.skipped !== undefined);
  expect(results.length - skipped.length).toBe(5);
  expect(new Set(skipped.map((each) => each.skipped))).toEqual(
    new Set(["the server said nothing, not even for an echo"]),
  );
});

test("a server that knows only an echo isn't given up", async () => {
  const answerEcho = (socket: WebSocket) =>
    socket.on("message", (data) => {
      if (String(data).includes('["echo"],[""]')) socket.send('["resolve",1,""]');
    });
  const results = await testWebSocket(answerEcho, { only: ["ERR-00*"], timeout: 300 });
  expect(results.filter((each) => each.skipped !== undefined)).toEqual([]);
});

test.each([
  ["sockets", testWebSocket],
  ["batches", testBatch],
] as const)("a run over %s ends with its time, and skips the rest", async (_, run) => {
  const options = { only: ["VAL-00*"], timeout: 600_000, total: 100, parallel: 2 };
  const results = await run(() => {}, options);
  expect(results.length).toBe(9);
  expect(new Set(results.map(verdictOf))).toEqual(new Set(["skipped"]));
  expect(new Set(results.map((each) => each.skipped))).toEqual(
    new Set(["the time of the run was over"]),
  );
});

test("a response that never ends, ends the scenario", async () => {
  const chunk = Buffer.alloc(1024 * 1024, "a");
  const [result] = await testBatch((_, response) => {
    const write = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", write);
    write();
  }, PATIENT);
  expect(result!.failure).toContain("the response has more than 16777216 bytes");
});

test("a failure tells that a response isn't UTF-8, wasn't over, or is an error page", async () => {
  const [binary] = await testBatch((_, response) => response.end(Buffer.from([0x5b, 0xff])));
  expect(binary!.failure).toBe("the response isn't valid UTF-8");
  const begin: RequestListener = (_, response) => response.writeHead(200).write("[");
  const [begun] = await testBatch(begin, { timeout: 300 });
  expect(begun!.failure).toContain("the response began, but wasn't over after 300 ms");
  const [refused] = await testBatch((_, response) => {
    response.writeHead(404).end("no page".repeat(1000));
  });
  expect(refused!.failure).toMatch(
    /^expected status 200, got 404: no page.{293}… \(the beginning of 7000 characters\)$/,
  );
});

test("a report for people shows control characters as text", async () => {
  const [result] = await testWebSocket((socket) => socket.send('["resolve",1,"\u001b[2J\u009b"]'));
  const text = failureLines(result!, PLAIN_SPACE);
  expect(text).toContain('["resolve",1,"\\u001b[2J\\u009b"]');
  expect(text).not.toMatch(/\p{Cc}(?<!\n)/u);
});
