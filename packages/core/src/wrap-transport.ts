import { runCallback } from "./report.ts";
import type { Transport, TransportReceiver } from "./transport.ts";

/** The members of a wrapped transport that differ from those of the inner one. */
export interface TransportOverrides extends Partial<Transport> {
  /**
   * Called with each frame that arrives, in place of the session's receiver. A frame is text, which
   * may join several messages, or bytes, or a message tree (`MessageReader` of `@capnweb/wire`
   * reads all of them). Pass frames on with `receiver.receive(frame)`, now or later, in order.
   *
   * If it throws, or its promise rejects, the session ends with that reason, and the transport is
   * told to close.
   *
   * @param frame as the inner transport handed it in, and owned likewise
   * @param receiver the session's
   */
  receive?(frame: unknown, receiver: TransportReceiver): void;
}

type Member<T> = T extends (...args: never) => unknown ? "method" : "value";

/** Every member of the contract. The compiler refuses a list that isn't complete. */
const MEMBERS: { readonly [K in keyof Required<Transport>]: Member<Required<Transport>[K]> } = {
  encodingLevel: "value",
  announces: "value",
  peerAnnounced: "value",
  peerDocuments: "value",
  received: "value",
  isBinary: "value",
  carry: "method",
  unneeded: "method",
  start: "method",
  send: "method",
  flush: "method",
  whenWritable: "method",
  pause: "method",
  resume: "method",
  abort: "method",
};

/**
 * Makes a transport that behaves as another one, except for the members in `overrides`. Use it for
 * logs, counters, delays, and encodings of your own.
 *
 * Nothing of the inner transport is lost. An optional member exists if the inner transport or
 * `overrides` has it. Properties are read anew each time. Methods are called on the object that
 * they belong to, which may be an instance of a class. An override that is `undefined` changes
 * nothing.
 *
 * An override replaces the inner method. Call that one from it, and return its result.
 *
 * @param inner owned by the session that gets the result. Outside the overrides, don't call it
 * @returns a transport for `new RpcSession` or `startSession`
 *
 * @example
 * ```ts
 * const inner: Transport = new WebSocketPushTransport(socket);
 * const transport = wrapTransport(inner, {
 *   send(frame) {
 *     console.log("out", frame);
 *     return inner.send(frame);
 *   },
 *   receive(frame, receiver) {
 *     console.log("in", frame);
 *     receiver.receive(frame);
 *   },
 * });
 * const api = startSession<Api>(transport);
 * ```
 */
export function wrapTransport(inner: Transport, overrides: TransportOverrides = {}): Transport {
  const wrapped: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(MEMBERS) as [keyof Transport, string][]) {
    const owner = overrides[name] === undefined ? inner : overrides;
    if (kind === "method") {
      const method = owner[name] as ((...args: unknown[]) => unknown) | undefined;
      if (method) wrapped[name] = method.bind(owner);
    } else if (name in owner) {
      Object.defineProperty(wrapped, name, { get: () => owner[name], enumerable: true });
    }
  }
  const transport = wrapped as unknown as Transport;
  if (overrides.receive) intercept(transport, (...args) => overrides.receive!(...args));
  return transport;
}

/** Makes a transport hand everything that arrives to `receive`. */
function intercept(
  transport: Transport,
  receive: (frame: unknown, receiver: TransportReceiver) => void,
): void {
  const start = transport.start;
  transport.start = (receiver) => {
    let hasFailed = false;
    const fail = (error: unknown) => {
      if (hasFailed) return;
      hasFailed = true;
      receiver.close(error);
      runCallback("transport", () => transport.abort(error), undefined);
    };
    start({
      receive(frame) {
        if (hasFailed) return;
        try {
          const received: unknown = receive(frame, receiver);
          // An override that decompresses, for example, is asynchronous.
          if (received instanceof Promise) received.catch(fail);
        } catch (error) {
          fail(error);
        }
      },
      end: (reason) => receiver.end(reason),
      close: (reason) => receiver.close(reason),
      probe: () => receiver.probe?.(),
    });
  };
}
