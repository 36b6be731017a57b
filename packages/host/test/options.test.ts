import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { attachHost, closeOnSignals, RpcHost } from "../src/node.ts";
import { newHost } from "./support.ts";

/** Runs code without types, as a program in JavaScript does. */
const any = (value: unknown) => value as any;
const createMain = () => ({});

describe("Options that a program in JavaScript mistypes", () => {
  test.each([
    [{ createMain, authorise: () => false }, 'no option "authorise". Did you mean "authorize"?'],
    [{ createMain, foo: 1 }, 'no option "foo". It has createMain, '],
    [{ createMain, toString: 1 }, 'no option "toString"'],
    [{}, 'the option "createMain" must be a function, not undefined'],
    [createMain, "takes its options as an object, such as { createMain: … }. It got a function"],
    [undefined, "It got undefined"],
    [{ createMain, authorize: true }, '"authorize" must be a function, not true'],
    [{ createMain, authorizeTimeout: "1s" }, '"authorizeTimeout" must be a number of milliseconds'],
    [{ createMain, openTimeout: Number.NaN }, '"openTimeout" must be a number of milliseconds'],
    [{ createMain, resume: true }, '"resume" must be an object, or false, not true'],
    [{ createMain, resume: { windw: 1 } }, 'no option "windw". Did you mean "window"?'],
    [{ createMain, limits: { maxDept: 1 } }, "limits.maxDept isn't a limit"],
    [{ createMain, path: "/api" }, 'no option "path". Give it to attachHost(), '],
    [{ createMain, keepAlive: false }, "{ webSocket: { keepAlive: … } }"],
    [{ createMain, cors: [] }, "{ http: { cors: … } }"],
    [
      { createMain, origins: "https://app.example" },
      '"origins" must be "same-site", "*", an array',
    ],
  ])("new RpcHost(%j) throws", (options, message) => {
    const make = () => new RpcHost(any(options));
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  test.each([
    [
      { deadline: "5s" },
      '"deadline" must be a number of milliseconds, from 0 to 24 days, not "5s"',
    ],
    [{ deadline: Number.POSITIVE_INFINITY }, '"deadline" must be'],
    [{ dedline: 1 }, 'Did you mean "deadline"?'],
    [5_000, "takes its options as an object, such as { deadline: … }. It got 5000"],
  ])("drain(%j) throws, and the host goes on", (options, message) => {
    const host = newHost();
    expect(() => host.drain(any(options))).toThrow(message);
    expect(host.health().status).toBe("ready");
  });

  test("broadcast(), closeOnSignals() and attachHost() throw", () => {
    const host = newHost();
    const server = any(createServer());
    const listeners = process.listenerCount("SIGTERM");
    expect(() => host.broadcast(createMain, any({ timeout: "1s" }))).toThrow('"timeout"');
    expect(() => closeOnSignals(server)).toThrow("closeOnSignals() takes an RpcHost first");
    expect(() => closeOnSignals(host, any({ servers: server }))).toThrow('"servers" must be');
    expect(() => closeOnSignals(host, any({ deadlin: 1 }))).toThrow('"deadline"?');
    expect(process.listenerCount("SIGTERM")).toBe(listeners);
    expect(() => attachHost(server, server)).toThrow("attachHost() takes an RpcHost first");
    expect(() => attachHost(host, server, any({ origins: [] }))).toThrow(
      'no option "origins". Give it to new RpcHost()',
    );
    expect(() => attachHost(host, server, { path: "api" })).toThrow('begins with "/", not "api"');
  });
});
