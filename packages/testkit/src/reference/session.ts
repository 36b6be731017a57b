import * as core from "@capnweb/core";
import type { Connection, ConnectionListener } from "../conformance/connection.ts";
import type { Implementation, Session } from "../implementation.ts";

/** Our implementation, which the reference server and client are built on. */
export const IMPLEMENTATION: Implementation = core;

/** Like `capnweb`, the application shows all properties of its errors. */
const OPTIONS: core.RpcSessionOptions = { errorProperties: "all" };

/** Options of the sessions of a reference server or client. */
export interface ReferenceOptions {
  /**
   * True if sessions announce the extensions of docs/protocol.md, as those of `@capnweb/core` do by
   * default. Without it, they speak only the published protocol. Default `false`.
   */
  readonly announce?: boolean | undefined;
}

/** Opens the connection of a session, which hands its messages to `listener`. */
type Open = (listener: ConnectionListener) => Connection;

/**
 * Starts a session over a connection.
 *
 * @param main this side's main object; the session owns it
 * @param isAccepting true at the side that was connected to
 */
export function startSession(
  open: Open,
  main: unknown,
  { announce = false }: ReferenceOptions,
  isAccepting: boolean,
): Session {
  let receiver: core.TransportReceiver;
  const connection = open({
    message: (text) => receiver.receive(text),
    closed: (reason) => receiver.close(new Error(`The connection ended: ${reason}`)),
  });
  const transport: core.Transport = {
    announces: isAccepting ? "reply" : true,
    start(session) {
      receiver = session;
    },
    send: (text) => connection.send(text as string),
    abort: () => connection.close(),
  };
  return new core.RpcSession(transport, main, announce ? OPTIONS : { ...OPTIONS, announce: false });
}

/**
 * Runs a batch.
 *
 * @param body the request's messages
 * @param main the server's main object; the session owns it
 * @returns the messages of the response
 * @throws the error of the session, if the client broke the protocol
 */
export async function runBatch(body: string, main: unknown): Promise<string> {
  const sent: string[] = [];
  let receiver!: core.TransportReceiver;
  const transport: core.Transport = {
    announces: false,
    start(session) {
      receiver = session;
    },
    send: (text) => void sent.push(text as string),
    abort() {},
  };
  const session = new core.RpcSession(transport, main, OPTIONS);
  for (const message of body.split("\n")) if (message !== "") receiver.receive(message);
  receiver.end(new Error("The batch has no further messages."));
  try {
    await session.drain();
    return sent.join("\n");
  } finally {
    receiver.close(new Error("The batch is over."));
  }
}
