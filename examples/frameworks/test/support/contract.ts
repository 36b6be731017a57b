import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { newHttpBatchRpcSession } from "@capnweb/transport-http";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Api } from "../../apps/host.ts";
import type { App } from "./start.ts";

/** The peculiarities of a framework. */
export interface Expectations {
  /** The text of the framework's own answer to an unknown path. */
  readonly notFound: RegExp;
  /** The path of the API. Default `"/api"`. */
  readonly path?: string;
  /** True if only batches are served. */
  readonly lacksWebSockets?: boolean;
  /** True if nothing answers WebSockets of unknown paths. */
  readonly ignoresUnknown?: boolean;
  /** True if it cuts the connection of a batch that the host refuses before it is read. */
  readonly cutsRefused?: boolean;
  /** Headers of all batches. Default: none. */
  readonly batchHeaders?: Record<string, string>;
  /** True if batches pass the middleware. Default: only the framework's own routes do. */
  readonly isBehindMiddleware?: boolean;
}

/** The host's default for the bytes of a batch. */
const LIMIT = 12 * 1024 * 1024;

const COOKIE = { cookie: "session=4711" };
const FOREIGN = { origin: "https://evil.example" };

const ended = (api: any) => new Promise<any>((resolve) => api.onRpcBroken(resolve));

/** The status of the answer to a batch over the host's limit. Rejects if there is none. */
async function statusOfLarge(url: string, headers: Record<string, string>): Promise<number> {
  // On a connection of its own, because servers cut it. The last byte is the one too many, because
  // an answer may get lost if the server cuts a connection whose bytes it hasn't read.
  const all = { "content-type": "text/plain", ...headers };
  const sent = request(url, { method: "POST", agent: false, headers: all });
  sent.end(Buffer.alloc(LIMIT + 1));
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  sent.destroy();
  return answer.statusCode!;
}

/** Tests an application with the API of `apps/host.ts`, and a route at `/hello`. */
export function testApp(name: string, start: () => Promise<App>, expected: Expectations): void {
  describe(name, () => {
    let app: App;
    let http: string;
    const { path = "/api", batchHeaders = {} } = expected;
    beforeAll(async () => {
      app = await start();
      http = `http://${app.address}`;
    });
    afterAll(() => app?.stop());

    const open = (headers: Record<string, string> = COOKIE) =>
      newWebSocketRpcSession<Api>(`ws://${app.address}${path}`, undefined, { headers });
    const batch = (headers: Record<string, string> = COOKIE) =>
      newHttpBatchRpcSession<Api>(`${http}${path}`, { headers: { ...batchHeaders, ...headers } });
    const post = (headers: Record<string, string> = COOKIE) =>
      fetch(`${http}${path}`, {
        method: "POST",
        headers: { ...batchHeaders, ...headers },
        body: "",
      });

    test("answers batches", async () => {
      const api = batch();
      expect(await Promise.all([api.greet(), api.greet()])).toEqual(["Hello, Ada!", "Hello, Ada!"]);
      expect(await batch({ ...COOKIE, origin: http }).greet()).toBe("Hello, Ada!");
      const { headers } = await post();
      expect(headers.has("x-app")).toBe(expected.isBehindMiddleware ?? false);
    });

    test("refuses batches of foreign pages, of clients unknown, and over the limit", async () => {
      const foreign = await post({ ...COOKIE, ...FOREIGN });
      expect(foreign.status).toBe(403);
      const unknown = await batch({})
        .greet()
        .catch((error) => error);
      expect(unknown).toMatchObject({ status: 401 });
      expect(unknown.message).toMatch(/Log in first\./);
      const large = statusOfLarge(`${http}${path}`, { ...batchHeaders, ...COOKIE });
      if (expected.cutsRefused) await expect(large).rejects.toThrow(/hang up|EPIPE|ECONNRESET/);
      else expect(await large).toBe(413);
    });

    test("leaves other paths and middleware to the framework", async () => {
      const hello = await fetch(`${http}/hello`);
      expect([await hello.text(), hello.headers.get("x-app")]).toEqual(["Hello.", "app"]);
      const other = await fetch(`${http}/other`);
      expect(other.status).toBe(404);
      expect(await other.text()).toMatch(expected.notFound);
    });

    test.skipIf(expected.lacksWebSockets)(
      "runs sessions on WebSockets, with callbacks",
      async () => {
        const values: number[] = [];
        for (const headers of [COOKIE, { ...COOKIE, origin: http }]) {
          using api = open(headers);
          await api.count(2, (value) => void values.push(value));
        }
        expect(values).toEqual([1, 2, 1, 2]);
        const socket = new WebSocket(`ws://${app.address}${path}`, ["capnweb", "b"], {
          headers: COOKIE,
        });
        await once(socket, "open");
        expect(socket.protocol).toBe("capnweb");
        socket.close();
      },
    );

    test.skipIf(expected.lacksWebSockets)("tells clients why a WebSocket is refused", async () => {
      expect(await ended(open({ ...COOKIE, ...FOREIGN }))).toMatchObject({ status: 403 });
      expect(await ended(open({}))).toMatchObject({ status: 401, body: "Log in first." });
      // A page can't read a response, so the session tells it.
      const ofPage = await ended(open({ origin: http }));
      expect(ofPage).toMatchObject({ code: "REFUSED", status: 401, message: "Log in first." });
      if (expected.ignoresUnknown) return;
      const socket = new WebSocket(`ws://${app.address}/other`);
      const [error] = await once(socket, "error");
      expect(error.message).toMatch(/404|hang up/);
    });

    test("ends without a failed call", async ({ skip }) => {
      const { child } = app;
      if (!child || expected.lacksWebSockets) return skip();
      const api = open();
      const reason = ended(api);
      let release!: () => void;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      let begin!: () => void;
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const call = api.count(1, () => {
        begin();
        return held;
      });
      await begun;
      child.kill("SIGTERM");
      while ((await fetch(`${http}/ready`)).status === 200);
      expect((await ended(open())).status).toBe(503);
      release();
      await call;
      // A client without `goaway` may stay for most of the deadline. A second signal ends it.
      child.kill("SIGTERM");
      expect(String((await reason).message)).toMatch(/1001|shutting down/);
      const status = child.exitCode ?? (await once(child, "exit"))[0];
      expect(status).toBe(0);
    });
  });
}
