import type { IncomingCall } from "@capnweb/core";
import type { Attributes, Meter, Tracer } from "@opentelemetry/api";

/** Options of `openTelemetry()`. */
export interface OpenTelemetryOptions {
  /** Default: that of the global tracer provider, for `@capnweb/observe`. */
  tracer?: Tracer | undefined;
  /** `false` for no histograms. Default: that of the global meter provider. */
  meter?: Meter | false | undefined;
  /**
   * Attributes of all spans and measurements, such as `server.address` and `server.port` at a
   * client. Default: none.
   */
  attributes?: Attributes | undefined;
  /**
   * Decides whether an operation of the peer's goes on with the trace that the peer tells. Any
   * peer may tell any trace, and may have it sampled. If this returns `false`, a new trace begins,
   * with a link to the peer's. It is called for each operation with a trace; if it throws, that
   * counts as `false`. Default: always `true`.
   *
   * @example
   * ```ts
   * const acceptTrace = (call: IncomingCall) => services.has(call.session);
   * ```
   */
  acceptTrace?: ((call: IncomingCall) => boolean) | undefined;
  /**
   * The share of calls, from 0 to 1, with which a trace begins. The others have no spans, and cost
   * almost nothing, because the SDK never sees them. A call in a trace is always part of it. Leave
   * the SDK's sampler at its default then. Default: the SDK's sampler decides on every call.
   */
  sample?: number | undefined;
  /**
   * `"own"` if calls that aren't sampled tell the peer an id of their own. By default, they share
   * one (`"shared"`), because a context is sent only when it changes.
   */
  unsampled?: "own" | "shared" | undefined;
}
