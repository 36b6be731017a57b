import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { newHttpBatchRpcHandler, newNodeHttpBatchRpcHandler } from "../src/index.ts";
import { Api, bodyOf, KINDS, listen, SERVERS } from "./support.ts";

const A = "https://a.example";
const CALL = bodyOf("add", 1, 2);
const postFrom = (origin: string, headers = {}) => ({
  method: "POST",
  body: CALL,
  headers: { Origin: origin, ...headers },
});
const preflightFrom = (origin: string) => ({ method: "OPTIONS", headers: { Origin: origin } });
const allowedOrigin = ({ headers }: Response) => headers.get("access-control-allow-origin");

describe.each(KINDS)("a %s server", (kind) => {
  test("refuses a page of another site before anything runs, and names the option that allows it", async () => {
    const { ask, disposed } = await SERVERS[kind]();
    for (const init of [postFrom(A), preflightFrom(A)]) {
      const response = await ask(init);
      expect(response.status).toBe(403);
      expect(await response.text()).toMatch(/"https:\/\/a\.example".*"origins" option/);
    }
    expect(disposed).toEqual(["main", "main"]);
  });

  test("accepts programs, which send no origin, and pages of the same site", async () => {
    const { ask } = await SERVERS[kind]();
    expect((await ask({ method: "POST", body: CALL })).status).toBe(200);
    const headers = { "Sec-Fetch-Site": "same-site" };
    expect((await ask(postFrom("https://app.example", headers))).status).toBe(200);
  });

  test("accepts pages of listed origins, which can't read the answer without cors", async () => {
    const { ask } = await SERVERS[kind]({ origins: [A] });
    const response = await ask(postFrom(A, { Cookie: "session=1" }));
    expect([response.status, allowedOrigin(response)]).toEqual([200, null]);
    expect((await ask(postFrom("https://b.example"))).status).toBe(403);
  });

  test("accepts an origin that only cors lists, and refuses others", async () => {
    const { ask } = await SERVERS[kind]({
      cors: { origin: [A], allowHeaders: ["Authorization"], credentials: true, maxAge: 5 },
    });
    const answer = await ask(preflightFrom(A));
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "access-control-allow-origin": A,
      "access-control-allow-methods": "POST",
      "access-control-allow-headers":
        "Content-Type, traceparent, tracestate, Capnweb-Deadline, Capnweb-Metadata, Authorization",
      "access-control-allow-credentials": "true",
      "access-control-max-age": "5",
      vary: "Origin",
    });
    const response = await ask(postFrom(A, { Cookie: "session=1" }));
    expect([response.status, allowedOrigin(response)]).toEqual([200, A]);
    for (const init of [preflightFrom("https://b.example"), postFrom("https://b.example")]) {
      const refused = await ask(init);
      expect([refused.status, allowedOrigin(refused)]).toEqual([403, null]);
    }
  });

  test("refuses cookies of other origins when cors allows every origin", async () => {
    const { ask, disposed } = await SERVERS[kind]({ cors: { origin: "*" } });
    const response = await ask(postFrom(A));
    expect([response.status, allowedOrigin(response)]).toEqual([200, "*"]);
    const refused = await ask(postFrom(A, { Cookie: "session=1" }));
    expect(refused.status).toBe(403);
    expect(await refused.text()).toMatch(/"cors\.credentials" option/);
    const own = postFrom("https://app.example", {
      Cookie: "session=1",
      "Sec-Fetch-Site": "same-site",
    });
    expect((await ask(own)).status).toBe(200);
    expect(disposed).toHaveLength(3);
  });

  test("refuses an origin if the deciding function throws, and reports the error", async () => {
    const error = new Error("no database");
    const origin = () => {
      throw error;
    };
    const onError = vi.fn();
    const { ask } = await SERVERS[kind]({ cors: { origin }, onError });
    for (const init of [preflightFrom(A), postFrom(A)]) {
      const response = await ask(init);
      expect([response.status, allowedOrigin(response)]).toEqual([403, null]);
    }
    expect(onError.mock.calls.map(([reported]) => reported)).toEqual([error, error]);
  });
});

/** Sends a request with a custom `Host`, which `fetch` doesn't allow. */
async function askAs(url: string, host: string, headers = {}) {
  const client = httpRequest(url, { method: "POST", headers: { Host: host, ...headers } });
  client.end(CALL);
  const [response] = await once(client, "response");
  const chunks = await response.toArray();
  return [response.statusCode, Buffer.concat(chunks).toString()];
}

test("a server refuses hosts that aren't listed, whatever the origin", async () => {
  const createMain = vi.fn(() => new Api());
  const options = { hosts: ["api.example"], cors: { origin: "*" as const } };
  const url = await listen(newNodeHttpBatchRpcHandler(createMain, options));
  const refusal = [421, expect.stringMatching(/"rebound\.example".*"hosts" option/)];
  expect(await askAs(url, "rebound.example")).toEqual(refusal);
  expect(await askAs(url, "rebound.example", { Origin: A })).toEqual(refusal);
  expect(createMain).not.toHaveBeenCalled();
  expect(await askAs(url, "API.example:8080", { Origin: A })).toEqual([200, '["resolve",1,3]']);
});

test("a handler of requests makes a main object only for requests that it accepts", async () => {
  const createMain = vi.fn((_request: Request, name: string) => new Api([name]));
  const handle = newHttpBatchRpcHandler(createMain);
  const request = (init: RequestInit) => new Request("http://server.invalid/", init);
  expect((await handle(request(postFrom(A)), "x")).status).toBe(403);
  expect((await handle(request({ method: "GET" }), "x")).status).toBe(405);
  expect((await handle(request({ method: "POST", body: CALL }), "x")).status).toBe(200);
  expect(createMain.mock.calls).toEqual([[expect.any(Request), "x"]]);
});

test.each(["node", "fetch"])("a handler of %s reports each kind of refusal once", async (kind) => {
  const reported: unknown[] = [];
  const options = {
    maxSessions: 0,
    onError: (error: unknown, { source }: { source: string }) =>
      void reported.push([source, (error as Error).message]),
  };
  const handler = newHttpBatchRpcHandler(() => new Api(), options);
  const url = await listen(newNodeHttpBatchRpcHandler(() => new Api(), options));
  const send = (init: RequestInit) =>
    kind === "node" ? fetch(url, init) : handler(new Request("http://server.invalid/", init));
  for (const init of [postFrom(A), postFrom(A), postFrom("https://b.example")]) await send(init);
  for (let i = 0; i < 2; i++) await send({ method: "POST", body: CALL });
  expect(reported).toEqual([
    ["server", expect.stringContaining(A)],
    ["server", expect.stringContaining("https://b.example")],
    ["server", expect.stringContaining("maxSessions")],
  ]);
});
