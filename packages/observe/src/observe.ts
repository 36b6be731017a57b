import {
  type Interception,
  type Interceptor,
  intercept,
  type RpcSessionOptions,
} from "@capnweb/core";
import { checkOptions, type OptionRules, optionRules } from "@capnweb/core/options";
import { channels } from "./channels/index.ts";
import { errorTypes } from "./names/error-types.ts";
import { areCallsObserved, areServedObserved, Publisher } from "./publish/publisher.ts";
import type { CallErrorListener } from "./publish/records.ts";
import { areFramesObserved, SessionPublisher } from "./publish/sessions.ts";
import { tallies } from "./publish/tally.ts";

/** Options of {@link observe}. Its callbacks go here, because the result has its own. */
export interface ObserveOptions
  extends Pick<RpcSessionOptions, "onError" | "onLimit" | "onMessage" | "onSession"> {
  /**
   * The application's own interceptors, the first one outermost. Operations that they refuse are
   * observed as well. Default: none.
   */
  interceptors?: readonly Interceptor[] | undefined;

  /**
   * The interceptor of traces: `openTelemetry()` of `@capnweb/observe/otel`. It is around all
   * others, so that logs and interceptors belong to its spans. Default: none.
   */
  tracing?: Interceptor | undefined;

  /**
   * Called with each failure of an operation of the peer's, including those of calls that the peer
   * doesn't await, which no other code learns of. An error that it throws goes to `onError`.
   * Default: none.
   *
   * @example
   * ```ts
   * const onCallError = (error: unknown, call: IncomingCall) => log.error({ error }, call.method);
   * ```
   */
  onCallError?: CallErrorListener | undefined;

  /**
   * Codes of the application's errors that labels and logs tell apart, for the whole process.
   * Others are told apart by their classes, because a peer may send any code. Default: none.
   */
  errorTypes?: readonly string[] | undefined;

  /** The name of the sessions' medium, for metrics. Default: that of a server's request. */
  medium?: string | undefined;
}

/** The options of sessions that {@link observe} gives. */
export type ObservedOptions = Pick<
  RpcSessionOptions,
  "interceptors" | "onError" | "onLimit" | "onMessage" | "onSession"
>;

const RULES: OptionRules<ObserveOptions> = {
  errorTypes: optionRules.list,
  interceptors: optionRules.list,
  medium: optionRules.text,
  onCallError: optionRules.function,
  onError: optionRules.function,
  onLimit: optionRules.function,
  onMessage: optionRules.function,
  onSession: optionRules.function,
  tracing: optionRules.object,
};

/**
 * Returns options of sessions that publish to the {@link channels}: operations, sessions, frames
 * and limits. Spread them into the options of any function that starts sessions.
 *
 * Subscribe first, at the program's start. Frames are published only if the channel `message` has
 * subscribers when `observe()` is called, and operations only if their channels have some when the
 * session starts. Otherwise, a session costs what it costs without these options.
 *
 * @throws TypeError for an unknown option, a wrong value, and an interceptor that is none
 *
 * @example
 * ```ts
 * const host = new RpcHost({ createMain: () => new Api(), ...observe({ interceptors: [guard] }) });
 * ```
 */
export function observe(options: ObserveOptions = {}): ObservedOptions {
  checkOptions("observe()", options, RULES);
  const { onError, onSession, onMessage, onLimit } = options;
  errorTypes.allow(options.errorTypes ?? []);
  const sessions = new SessionPublisher(options.medium);
  const publishMessage: typeof onMessage = (direction, message, size, session) => {
    sessions.message(direction, message, size, session);
    onMessage?.(direction, message, size, session);
  };
  return {
    interceptors: interceptionOf(options, sessions),
    onSession(session) {
      sessions.started(session);
      onSession?.(session);
    },
    /** Read when a session starts, or when the options are spread. */
    get onMessage() {
      return areFramesObserved() ? publishMessage : onMessage;
    },
    onLimit(error) {
      sessions.limit(error);
      onLimit?.(error);
    },
    ...(onError && { onError }),
  };
}

/** The interceptors of sessions, with those that publish where something listens. */
function interceptionOf(options: ObserveOptions, sessions: SessionPublisher): Interception {
  const { tracing, onCallError, onError } = options;
  const own = options.interceptors ?? [];
  const outer = tracing ? [tracing] : [];
  const publisher = new Publisher({ onCallError, onError });
  const loud = intercept(...outer, publisher, ...own);
  const quiet = intercept(...outer, ...own);
  const starting = (sessionOptions: { readonly medium?: string }) =>
    sessions.starting(sessionOptions.medium);
  const broken = (direction: "in" | "out") => {
    for (const tally of tallies.traffic.current) tally.broken(direction);
  };
  return {
    // For tools that put interceptors of their own around them, before it is known who listens.
    interceptors: loud.interceptors,
    around(inner) {
      return loud.around({
        ...inner,
        starting(sessionOptions) {
          starting(sessionOptions);
          inner.starting?.(sessionOptions);
        },
        broken(direction) {
          broken(direction);
          inner.broken?.(direction);
        },
      });
    },
    starting,
    broken,
    outgoing(session, transport, sessionOptions) {
      starting(sessionOptions);
      const interception = areCallsObserved() ? loud : quiet;
      return interception.outgoing(session, transport, sessionOptions);
    },
    serving(session) {
      const isHeard = areServedObserved() || onCallError !== undefined;
      return (isHeard ? loud : quiet).serving(session);
    },
  };
}
