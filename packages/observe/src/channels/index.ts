import type { Channel, TracingChannel } from "./channel.ts";
import type {
  CallEvent,
  ConnectEvent,
  LimitEvent,
  MessageEvent,
  ServeEvent,
  SessionEvent,
} from "./events.ts";
import { runtimeChannels } from "./runtime.ts";

const runtime = /* @__PURE__ */ runtimeChannels();

/** The channels of this package, by the last part of their names. */
export interface Channels {
  /** `capnweb:call`: operations on the peer's objects, from the call to the outcome. */
  readonly call: TracingChannel<CallEvent>;
  /** `capnweb:serve`: operations of the peer's, from the arguments to the result. */
  readonly serve: TracingChannel<ServeEvent>;
  /** `capnweb:session`: sessions, from their start (`start`) to their end (`asyncEnd`). */
  readonly session: TracingChannel<SessionEvent>;
  /** `capnweb:connect`: attempts of a connection that comes back, until it is open or closed. */
  readonly connect: TracingChannel<ConnectEvent>;
  /** `capnweb:message`: frames, in the form in which they are sent or received. */
  readonly message: Channel<MessageEvent>;
  /** `capnweb:limit`: limits that a peer has exceeded. */
  readonly limit: Channel<LimitEvent>;
}

/**
 * The channels that sessions with the options of `observe()` publish to: those of
 * `node:diagnostics_channel` in Node, Bun, Deno and workerd, and ones that behave likewise in
 * browsers. Without subscribers, they cost nothing. Subscribe before sessions start.
 *
 * As in Node, an error that a subscriber throws is uncaught, and the operation goes on.
 *
 * @example
 * ```ts
 * channels.serve.subscribe({
 *   asyncEnd: ({ method, duration }) => console.log(method, duration),
 * });
 * ```
 */
export const channels: Channels = /* @__PURE__ */ Object.freeze({
  call: /* @__PURE__ */ runtime.tracingChannel("capnweb:call"),
  serve: /* @__PURE__ */ runtime.tracingChannel("capnweb:serve"),
  session: /* @__PURE__ */ runtime.tracingChannel("capnweb:session"),
  connect: /* @__PURE__ */ runtime.tracingChannel("capnweb:connect"),
  message: /* @__PURE__ */ runtime.channel("capnweb:message"),
  limit: /* @__PURE__ */ runtime.channel("capnweb:limit"),
});
