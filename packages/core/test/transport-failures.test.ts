// The reported reason for a session's end is true, whichever method of a transport fails, and when.
import { describe, expect, test } from "vitest";
import { type AnyRpcTransport, RpcSession, type Transport } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";

/** A pull-style transport that keeps a log, and fails as the test says. */
function pullStyle(failing: object = {}) {
  const log: string[] = [];
  let reject!: (error: unknown) => void;
  const transport = {
    send(message: string) {
      log.push(JSON.parse(message)[0]);
    },
    receive: () =>
      new Promise<string>((_resolve, fail) => {
        reject = fail;
      }),
    abort(reason: Error) {
      log.push(`closed: ${reason.message}`);
    },
    ...failing,
  } as AnyRpcTransport;
  return { transport, log, failReceiving: (error: unknown) => reject(error) };
}

function start(transport: Transport | AnyRpcTransport) {
  const resources = new Resources();
  const errors: unknown[] = [];
  const options = { announce: false, onError: (error: unknown) => errors.push(error) };
  const session = new RpcSession<any>(transport, resources.make("main"), options);
  return { session, errors, disposed: resources.disposed };
}

describe("a pull-style transport", () => {
  test("that fails to receive is closed, the peer told, and the main object disposed of", async () => {
    const { transport, log, failReceiving } = pullStyle();
    const { session, disposed } = start(transport);
    const pending = failure(session.getRemoteMain().anything());
    await settle();
    const reason = new Error("cut");
    failReceiving(reason);
    expect(await pending).toBe(reason);
    expect(log).toEqual(["push", "pull", "abort", "closed: cut"]);
    expect(disposed).toEqual(["main"]);
  });

  test("whose receive() throws at once ends the session", async () => {
    const { transport, log } = pullStyle({
      receive() {
        throw new Error("no reader");
      },
    });
    const { session } = start(transport);
    expect(await failure(session.getRemoteMain().anything())).toMatchObject({
      message: "no reader",
    });
    expect(log.at(-1)).toBe("closed: no reader");
  });

  test("whose send() rejects later is closed", async () => {
    const { transport, log } = pullStyle({ send: () => Promise.reject(new Error("no wire")) });
    const { session } = start(transport);
    expect(await failure(session.getRemoteMain().anything())).toMatchObject({ message: "no wire" });
    await settle();
    expect(log).toEqual(["closed: no wire"]);
  });

  test("without abort() just ends", async () => {
    const { transport, failReceiving } = pullStyle({ abort: undefined });
    const { session, errors } = start(transport);
    failReceiving(new Error("cut"));
    await settle();
    expect(await failure(session.getRemoteMain().anything())).toMatchObject({ message: "cut" });
    expect(errors).toEqual([]);
  });
});

describe("a transport", () => {
  test("whose send() throws is closed once, and that error stays the reason", async () => {
    const closed: unknown[] = [];
    const reason = new Error("no wire");
    const { session, disposed } = start({
      start() {},
      send() {
        throw reason;
      },
      abort: (error: unknown) => closed.push(error),
    });
    const api = session.getRemoteMain();
    const heard: unknown[] = [];
    api.onRpcBroken((error: unknown) => heard.push(error));
    expect(await failure(api.anything())).toBe(reason);
    expect(await failure(api.again())).toBe(reason);
    expect(closed).toEqual([reason]);
    expect(heard).toEqual([reason]);
    expect(disposed).toEqual(["main"]);
  });

  test("that was over before the main stub was asked for breaks the stub", async () => {
    const reason = new Error("cut");
    const { session } = start({
      start: (receiver) => receiver.close(reason),
      send() {},
      abort() {},
    });
    const api = session.getRemoteMain();
    expect(await failure(api.anything())).toBe(reason);
    expect(await failure(session.drain())).toBe(reason);
    const heard: unknown[] = [];
    api.onRpcBroken((error: unknown) => heard.push(error));
    expect(heard).toEqual([reason]);
    expect(() => api[Symbol.dispose]()).not.toThrow();
  });

  test("whose abort() throws doesn't fail the disposal of the main stub", () => {
    const reason = new Error("busy");
    const { session, errors } = start({
      start() {},
      send() {},
      abort() {
        throw reason;
      },
    });
    session.getRemoteMain()[Symbol.dispose]();
    expect(errors).toEqual([reason]);
  });
});
