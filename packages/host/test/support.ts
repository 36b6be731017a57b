import { RpcTarget } from "@capnweb/core";
import { MessagePortTransport, newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { onTestFinished } from "vitest";
import { createApi } from "../../../testing/api.ts";
import { listen } from "../../../testing/http-server.ts";
import {
  type AcceptInfo,
  type AttachHostOptions,
  attachHost,
  type HostOptions,
  RpcHost,
} from "../src/node.ts";

/** The main object of a client's session. It knows its context, and has calls that wait. */
export class Api extends createApi(RpcTarget) {
  readonly #context: any;
  constructor(context?: unknown) {
    super();
    this.#context = context;
  }
  whoAmI() {
    return this.#context;
  }
  wait(milliseconds: number) {
    return new Promise((resolve) => setTimeout(() => resolve("waited"), milliseconds));
  }
}

/** A promise, and the functions that settle it. */
export function deferred<T = void>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Options of a host whose main objects have `hold()`, which takes until `release` is called. */
export function holding() {
  const held = deferred<string>();
  class Holding extends Api {
    hold() {
      return held.promise;
    }
  }
  const createMain = (context?: unknown) => new Holding(context);
  return { createMain, release: () => held.resolve("held") };
}

/** A host of {@link Api}s, closed when the test is over. */
export function newHost(options: Partial<HostOptions> = {}) {
  const host = new RpcHost<any, any>({ createMain: (context) => new Api(context), ...options });
  onTestFinished(async () => void (await host.close()));
  return host;
}

/** A host on an HTTP server. */
export async function serve(options: Partial<HostOptions> = {}, attach: AttachHostOptions = {}) {
  const { server, port } = await listen();
  const host = newHost(options);
  const attached = attachHost(host, server, { path: "/api", ...attach });
  onTestFinished(() => attached.close());
  return {
    host,
    server,
    attached,
    port,
    ws: `ws://127.0.0.1:${port}/api`,
    http: `http://127.0.0.1:${port}`,
    open: (main?: unknown, headers: Record<string, string> = {}) =>
      newWebSocketRpcSession<any>(`ws://127.0.0.1:${port}/api`, main, { headers }) as any,
  };
}

/** A client over a MessagePort, whose other end the host accepts. */
export function openPort(host: RpcHost<any, any>, main?: unknown, info: AcceptInfo = {}) {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  const accepted = host.accept(new MessagePortTransport(port2), { medium: "messageport", ...info });
  return { accepted, api: newMessagePortRpcSession<any>(port1, main) as any };
}

/** The reason for a session's end, once it is over. */
export const broken = (api: any) => new Promise<any>((resolve) => api.onRpcBroken(resolve));
