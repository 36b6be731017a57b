import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { BaseSession, RpcStub } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { WebSocket } from "ws";
import type { LoadApi, Order } from "../server/load-api.ts";
import { WrongAnswerError } from "./wrong-answer.ts";

/** A session of a load generator. */
export interface Client {
  readonly api: RpcStub<LoadApi>;
  readonly session: BaseSession<any>;
  readonly socket: WebSocket;
}

const ORDER: Order = { id: 1, name: "Ada", tags: ["a", "b"] };

/** Connects, and makes a call: a session is usable once the first call has been answered. */
export async function connect(port: number): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  let session!: BaseSession<any>;
  const api = newWebSocketRpcSession<LoadApi>(socket, undefined, {
    onSession: (started) => {
      session = started;
    },
  });
  const client = { api, session, socket };
  await call(client);
  return client;
}

/** Makes a call, and checks the answer. */
export async function call({ api }: Client): Promise<void> {
  const { id, tags } = await api.echo(ORDER);
  if (id !== ORDER.id || tags.length !== ORDER.tags.length) throw new WrongAnswerError("echo");
}

/** Ends a session, and waits until its socket is closed. */
export async function disconnect({ api, socket }: Client): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const closed = once(socket, "close");
  api[Symbol.dispose]();
  await closed;
}

/** Cuts a connection while a call is under way, as a network that fails. */
export async function cut({ api, socket }: Client): Promise<void> {
  const closed = once(socket, "close");
  const answer = api.wait((number) => number).then(wrongly, () => {});
  // Messages leave at the end of a turn.
  await setImmediate();
  socket.terminate();
  await Promise.all([closed, answer]);
  api[Symbol.dispose]();
}

function wrongly(): never {
  throw new WrongAnswerError("a call whose connection was cut");
}
