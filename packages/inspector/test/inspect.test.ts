import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type RpcStub, RpcTarget } from "@capnweb/core";
import { attachHost, RpcHost } from "@capnweb/host/node";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { type InspectOptions, type Inspector, inspect } from "../src/index.ts";
import { InspectorModel, isSwallowed } from "../src/model/index.ts";
import { unpack } from "../src/recording/pack.ts";
import type { Batch } from "../src/server/feed.ts";
import type { InspectorApi } from "../src/server/inspector-api.ts";

class Cart extends RpcTarget {
  add(item: string) {
    return `added ${item}`;
  }
}

class Api extends RpcTarget {
  greet(name: string) {
    return `Hello, ${name}!`;
  }
  open() {
    return new Cart();
  }
  async fail(): Promise<never> {
    throw new RangeError("as asked");
  }
  callMe(callback: RpcStub<(text: string) => string>) {
    return callback("you");
  }
}

class Client extends RpcTarget {
  name() {
    return "the client";
  }
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of cleanups.splice(0).reverse()) await each();
});

interface Started {
  readonly host: RpcHost;
  readonly server: Server;
  readonly inspector: Inspector;
  readonly port: number;
}

async function start(options: Partial<InspectOptions> = {}): Promise<Started> {
  const host = new RpcHost({ createMain: () => new Api() });
  const server = createServer();
  attachHost(host, server, { path: "/api" });
  const inspector = inspect(host, { server, authorize: () => true, ...options });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(async () => {
    inspector.close();
    await host.close();
    server.close();
    server.closeAllConnections();
  });
  return { host, server, inspector, port: (server.address() as AddressInfo).port };
}

function connect({ port }: Started, main?: RpcTarget): RpcStub<Api> {
  const api = newWebSocketRpcSession<Api>(`ws://127.0.0.1:${port}/api`, main);
  cleanups.push(() => api[Symbol.dispose]());
  return api;
}

function openPage(
  { port }: Started,
  headers: Record<string, string> = {},
  path = "/__capnweb",
): RpcStub<InspectorApi> {
  const url = `ws://127.0.0.1:${port}${path}/socket`;
  const page = newWebSocketRpcSession<InspectorApi>(url, undefined, { headers });
  cleanups.push(() => page[Symbol.dispose]());
  return page;
}

/** A page's model, and a promise for a state of it. */
function watch(page: RpcStub<InspectorApi>) {
  let model = new InspectorModel();
  let check = () => {};
  const batches: Batch[] = [];
  let state = "";
  const take = (batch: Batch) => {
    batches.push(batch);
    if (batch.state !== undefined) {
      state += batch.state;
      if (!batch.hasMore) {
        model = InspectorModel.from(JSON.parse(state));
        state = "";
      }
    }
    for (const entry of batch.packed ? unpack(batch.packed) : []) model.add(entry);
    check();
  };
  page.watch(take as never).catch(() => {});
  const until = (condition: (model: InspectorModel) => boolean) =>
    new Promise<InspectorModel>((resolve) => {
      check = () => {
        if (condition(model)) resolve(model);
      };
      check();
    });
  return { until, batches };
}

const names = (model: InspectorModel) => [...model.calls].map(({ name }) => name);

describe("access", () => {
  test("outside development it doesn't start without authorize", () => {
    vi.stubEnv("NODE_ENV", "production");
    const host = new RpcHost({ createMain: () => new Api() });
    expect(() => inspect(host, { server: createServer() })).toThrow(
      expect.objectContaining({ code: "INSPECTOR_ACCESS" }),
    );
  });

  test("in development this machine gets it, by a local name only", async () => {
    vi.stubEnv("NODE_ENV", "development");
    const started = await start({ authorize: undefined });
    const get = (headers: Record<string, string>) => status(started.port, headers);
    expect(await get({})).toBe(200);
    expect(await get({ Host: `localhost:${started.port}` })).toBe(200);
    expect(await get({ Host: "rebound.example" })).toBe(403);
    // A proxy on this machine, which may serve anyone.
    expect(await get({ "X-Forwarded-For": "192.0.2.1" })).toBe(403);
    expect(await get({ Forwarded: "for=192.0.2.1" })).toBe(403);
  });

  test("authorize decides on the page and on its data", async () => {
    const started = await start({
      authorize: ({ headers }) =>
        headers.get("x-user") === "ada" || { status: 401, reason: "Log in." },
    });
    expect(await status(started.port, {})).toBe(401);
    expect(await status(started.port, { "x-user": "ada" })).toBe(200);
    await expect(openPage(started).describe()).rejects.toMatchObject({ status: 401 });
    expect(await openPage(started, { "x-user": "ada" }).describe()).toMatchObject({
      way: "server",
    });
  });

  test("an authorize that throws lets nobody in", async () => {
    const onError = vi.spyOn(console, "error").mockImplementation(() => {});
    const started = await start({
      authorize: () => {
        throw new Error("no database");
      },
    });
    expect(await status(started.port, {})).toBe(500);
    onError.mockRestore();
  });

  test.each(["http://evil.example", "http://127.0.0.1:1", "null"])(
    "a page of the origin %s doesn't get the data",
    async (origin) => {
      const started = await start();
      await expect(openPage(started, { Origin: origin }).describe()).rejects.toMatchObject({
        status: 403,
      });
    },
  );

  test("the inspector's own page does", async () => {
    const started = await start();
    const page = openPage(started, { Origin: `http://127.0.0.1:${started.port}` });
    expect(await page.describe()).toMatchObject({ canCall: true });
  });

  test("the page is served with headers that keep texts of peers from becoming code", async () => {
    const { port } = await start();
    const response = await fetch(`http://127.0.0.1:${port}/__capnweb/`);
    const policy = response.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await response.text()).toContain('<script type="module" src="page.js">');
  });

  test("the path leads to the page, and other paths and methods to nothing", async () => {
    const { port } = await start({ path: "/tools/rpc" });
    const get = (path: string, method = "GET") =>
      fetch(`http://127.0.0.1:${port}${path}`, { method, redirect: "manual" });
    expect((await get("/tools/rpc")).headers.get("location")).toBe("/tools/rpc/");
    expect((await get("/tools/rpc/page.js")).status).toBe(200);
    expect((await get("/tools/rpc/../../etc/passwd")).status).toBe(404);
    expect((await get("/tools/rpc/__proto__")).status).toBe(404);
    expect((await get("/tools/rpc/", "POST")).status).toBe(405);
    expect((await get("/__capnweb/")).status).toBe(404);
  });

  test("mistyped options are refused", () => {
    const host = new RpcHost({ createMain: () => new Api() });
    const options = { server: createServer(), authorise: () => true } as never;
    expect(() => inspect(host, options)).toThrow(/authori/);
  });
});

async function status(port: number, headers: Record<string, string>): Promise<number> {
  const { get } = await import("node:http");
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path: "/__capnweb/", headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    }).on("error", reject);
  });
}

describe("the data", () => {
  test("has the calls of sessions before and after the page was opened", async () => {
    const started = await start();
    const api = connect(started);
    await api.greet("Ada");
    const { until } = watch(openPage(started));
    await until((model) => names(model).includes("greet"));
    await api.open().add("apple");
    const model = await until((each) => names(each).includes("add"));
    const [, open, add] = model.calls;
    expect(add!.waitsFor).toEqual([open]);
    expect(model.sessions).toMatchObject([{ recordedBy: "server", medium: "websocket" }]);
  });

  test("doesn't contain the inspector's own sessions", async () => {
    const started = await start();
    const { until } = watch(openPage(started));
    await connect(started).greet("Ada");
    const model = await until((each) => names(each).includes("greet"));
    expect(names(model)).not.toContain("watch");
  });

  test("says which session ended, and drops what it held", async () => {
    const started = await start();
    const { until } = watch(openPage(started));
    const api = connect(started);
    const cart = await api.open();
    await until((model) => model.held().some(({ kind }) => kind === "stub"));
    api[Symbol.dispose]();
    const model = await until((each) => each.sessions[0]?.closedAt !== undefined);
    expect(model.held()).toEqual([]);
    cart[Symbol.dispose]();
  });

  test("has HTTP batches too", async () => {
    const started = await start();
    const { until } = watch(openPage(started));
    await fetch(`http://127.0.0.1:${started.port}/api`, {
      method: "POST",
      body: '["push",["pipeline",0,["greet"],["Ada"]]]\n["pull",1]',
    });
    const model = await until((each) => names(each).includes("greet"));
    expect(model.sessions[0]!.medium).toBe("http");
  });

  test("tells swallowed errors, before and after their calls were given up", async () => {
    const started = await start({ details: false });
    const { until } = watch(openPage(started));
    const api = connect(started);
    api.fail()[Symbol.dispose]();
    const held = api.fail();
    await api.greet("Ada");
    expect(await api.fail().catch(({ message }: Error) => message)).toBe("as asked");
    const model = await until((each) => each.problems.length === 3);
    const failed = [...model.calls].filter(({ name }) => name === "fail");
    expect(failed.map(({ failure }) => failure?.message)).toEqual(Array(3).fill("as asked"));
    expect(failed.map((each) => isSwallowed(each, Date.now() + 10_000))).toEqual([
      true,
      true,
      false,
    ]);
    held[Symbol.dispose]();
  });

  test("with details, tells classes and stacks", async () => {
    const started = await start({ details: true });
    const { until } = watch(openPage(started));
    const api = connect(started);
    using _first = await api.open();
    using _cart = await api.open();
    api.fail()[Symbol.dispose]();
    const model = await until((each) => each.problems.length > 0);
    const [, second] = model.held().filter(({ kind }) => kind === "stub");
    expect(second).toMatchObject({ label: "Cart" });
    expect(second!.stack).toContain("inspect.test.ts");
    const failed = [...model.calls].find(({ name }) => name === "fail")!;
    expect(failed).toMatchObject({ target: "Api", failure: { message: "as asked" } });
    expect(isSwallowed(failed, Date.now())).toBe(true);
  });

  test("of a long session that was dropped still has its capabilities", async () => {
    const started = await start({ maxEntries: 50 });
    const api = connect(started);
    using _cart = await api.open();
    for (let i = 0; i < 100; i++) await api.greet(`${i}`);
    const { until, batches } = watch(openPage(started));
    const model = await until((each) => names(each).includes("greet"));
    expect(batches[0]!.dropped).toBeGreaterThan(100);
    const [cart] = model.held().filter(({ kind }) => kind === "stub");
    expect(cart!.from!.name).toBe("open");
    await api.greet("last");
    const later = await until((each) => [...each.calls].some(({ args }) => args === '"last"'));
    expect([...later.calls].find(({ args }) => args === '"last"')!.state).toBe("resolved");
  });

  test("stops when the inspector is closed", async () => {
    const started = await start();
    const api = connect(started);
    await api.greet("Ada");
    started.inspector.close();
    const { end } = started.inspector.recorder;
    const other = connect(started);
    await other.greet("Grace");
    expect(started.inspector.recorder.end).toBe(end);
    expect(await fetchStatus(started.port)).toBe(404);
  });
});

async function fetchStatus(port: number): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}/__capnweb/`)).status;
}

test("a hostile client harms neither other sessions nor the page", async () => {
  const reported = vi.spyOn(console, "error").mockImplementation(() => {});
  const started = await start({ maxEntries: 20, details: true });
  const { until } = watch(openPage(started));
  const api = connect(started);
  const none = { toString: 1 };
  const long = "x".repeat(2_000_000);
  for (const text of [
    `["pull",0]\n[${"\n".repeat(2_000_000)}`,
    JSON.stringify(["push", ["pipeline", 0, ["greet"], [["bigint", none]]]]),
    JSON.stringify(["reject", 2 ** 31 - 1, { capnweb: { cancel: none, features: [[none]] } }]),
    JSON.stringify(["push", ["pipeline", 0, [long], [long]]]),
    JSON.stringify(["abort", ["error", none, none]]),
  ]) {
    const socket = new WebSocket(`ws://127.0.0.1:${started.port}/api`);
    await once(socket, "open");
    socket.send(text);
    expect(await api.greet("Ada")).toBe("Hello, Ada!");
    socket.terminate();
    await once(socket, "close");
  }
  expect(await api.greet("Bo")).toBe("Hello, Bo!");
  await until((model) => [...model.calls].some(({ args }) => args.includes("Bo")));
  const ofObservers = reported.mock.calls.filter(([text]) => /onMessage|observer/.test(`${text}`));
  expect(ofObservers).toEqual([]);
  reported.mockRestore();
});

test("a page that takes nothing holds nothing up, and gets the state once it goes on", async () => {
  const started = await start({ maxEntries: 50 });
  const page = openPage(started);
  let goOn = () => {};
  const stuck = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const batches: Batch[] = [];
  const take = (batch: Batch) => {
    batches.push(batch);
    return stuck;
  };
  page.watch(take as never).catch(() => {});
  const api = connect(started);
  for (let i = 0; i < 100; i++) await api.greet(`${i}`);
  expect(batches.length).toBeLessThanOrEqual(1);
  goOn();
  await vi.waitFor(() => expect(batches.some(({ state }) => state !== undefined)).toBe(true));
});

describe("calls by hand", () => {
  test("reach the server's object, and the capabilities in answers", async () => {
    const started = await start();
    const page = openPage(started);
    const outcome = await page.call("server", "greet", '["Ada"]');
    expect(outcome).toMatchObject({ ok: true, text: '"Hello, Ada!"' });
    const opened = await page.call("server", "open", "[]");
    expect(opened).toMatchObject({ ok: true, text: "«1»", stubs: [{ key: "1" }] });
    expect(await page.call("1", "add", '["pear"]')).toMatchObject({ text: '"added pear"' });
    expect((await page.callables()).map(({ key }) => key)).toEqual(["server", "1"]);
  });

  test("reach the clients", async () => {
    const started = await start();
    const api = connect(started, new Client());
    await api.greet("Ada");
    const page = openPage(started);
    const client = (await page.callables()).find(({ key }) => key.startsWith("client"))!;
    expect(await page.call(client.key, "name", "[]")).toMatchObject({ text: '"the client"' });
  });

  test.each([
    ["server", "fail", "[]", "RangeError: as asked"],
    ["server", "nothing", "[]", "nothing"],
    ["server", "greet", "[", "JSON"],
    ["server", "greet", "{}", "list"],
    ["server", "then", "[]", "then"],
    ["server", "dup", "[]", "dup"],
    ["client 99", "name", "[]", "gone"],
    ["toString", "name", "[]", "gone"],
  ])("%s: %s(%s) fails with words", async (key, path, args, text) => {
    const page = openPage(await start());
    const outcome = await page.call(key, path, args);
    expect(outcome.ok).toBe(false);
    expect(outcome.text).toContain(text);
  });

  test("pass authorize of the host as any client does", async () => {
    const host = new RpcHost({
      authorize: ({ headers }) => (headers.get("authorization") ? { context: 1 } : false),
      createMain: () => new Api(),
    });
    const server = createServer();
    const inspector = inspect(host, { server, authorize: () => true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    cleanups.push(() => {
      inspector.close();
      server.close();
      server.closeAllConnections();
    });
    const { port } = server.address() as AddressInfo;
    const page = openPage({ port } as Started);
    const outcome = await page.call("server", "greet", '["Ada"]');
    expect(outcome).toMatchObject({ ok: false });
    expect(outcome.text).toContain("authorize");
  });

  test("can be turned off", async () => {
    const page = openPage(await start({ calls: false }));
    expect(await page.callables()).toEqual([]);
    expect(await page.call("server", "greet", "[]")).toMatchObject({ ok: false });
  });
});
