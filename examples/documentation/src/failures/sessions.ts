import { callOptions, currentCall, intercept, RpcSession, RpcStub, RpcTarget } from "@capnweb/core";
import { createRpc } from "@capnweb/core/modular";
import { createMemoryLink } from "@capnweb/testkit";
import { serialize } from "@capnweb/wire";

class Api extends RpcTarget {
  slow() {
    return new Promise(() => {});
  }
  greet() {}
  echo(value: unknown) {
    return value;
  }
}

function connected(client: object = {}, server: object = {}) {
  const link = createMemoryLink();
  const session = new RpcSession<any>(link.client, undefined, client);
  const other = new RpcSession<any>(link.server, new Api(), server);
  return { session, other, api: session.getRemoteMain(), link };
}

/** Sends a text to a session, and returns the reason of its end. */
function endedBy(text: string): Promise<unknown> {
  return new Promise((resolve) => {
    const { other, link } = connected();
    other.onClose(resolve);
    link.client.send(text);
  });
}

/** Failures of sessions and of their values, by code. */
export const SESSIONS: Readonly<Record<string, () => unknown>> = {
  UNENCODABLE: () => connected().api.echo(new Map()),
  TOO_DEEP: () => {
    const loop: any = {};
    loop.self = loop;
    return serialize(loop);
  },
  PROTOCOL: () => endedBy('["pull",7]'),
  BAD_EXPRESSION: () => endedBy('["push",["app:money",5]]'),
  BAD_JSON: () => endedBy("hello"),
  LIMIT: () => connected({}, { limits: { maxValues: 1000 } }).api.echo(new Array(2000).fill(0)),
  DISPOSED: async () => {
    const stub = new RpcStub(() => {});
    stub[Symbol.dispose]();
    await stub();
  },
  CANCELED: async () => {
    const promise = connected().api.slow();
    const result = promise.then();
    promise[Symbol.dispose]();
    await result;
  },
  DEADLINE: () => (callOptions(connected().api, { timeout: 50 }) as any).slow(),
  NO_CALL: () => currentCall(),
  SESSION_DISPOSED: async () => {
    const { api } = connected();
    const result = api.slow().then();
    api[Symbol.dispose]();
    await result;
  },
  PATH: () => connected().api.missing(),
  MAP: () =>
    connected()
      .api.greet()
      .map((value: any) => `${value}`),
  MISSING_COMPONENT: () =>
    createRpc().startSession<any>(createMemoryLink().client).echo(new ReadableStream()),
  CALL_TIMEOUT: () => connected({}, { limits: { callTimeout: 50 } }).api.slow(),
  INTERCEPTOR: () =>
    connected({
      interceptors: intercept({
        call(_call, next) {
          void next();
          return next();
        },
      }),
    }).api.greet(),
};
