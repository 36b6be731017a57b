import { reportError } from "@capnweb/core";
import { checkOptions, type OptionRules, optionRules, orFalse } from "@capnweb/core/options";
import type { Level, Logger } from "pino";
import type {
  CallEvent,
  ConnectEvent,
  LimitEvent,
  OperationEvent,
  ServeEvent,
  SessionEvent,
} from "../channels/events.ts";
import { channels } from "../channels/index.ts";
import { isTraced } from "../names/traced-calls.ts";
import { clock } from "../publish/clock.ts";
import { loggedError } from "./logged-error.ts";
import { idsIn, traceparentWithin } from "./trace-ids.ts";

/** Options of {@link logCalls}. */
export interface LogOptions {
  /** The level of operations that succeed; `false` for none. Default `"debug"`. */
  success?: Level | false | undefined;
  /** The level of operations that fail; `false` for none. Default `"error"`. */
  failure?: Level | false | undefined;
  /** The level of sessions, limits and connections; `false` for none. Default `"info"`. */
  sessions?: Level | false | undefined;
  /**
   * Decides which operations are logged, once they are over. Default: all but those of streams.
   *
   * @example
   * ```ts
   * const select = ({ outcome, duration }: OperationEvent) => outcome !== "ok" || duration! > 500;
   * ```
   */
  select?: ((event: OperationEvent) => boolean) | undefined;
}

const level = orFalse({ must: "a level of pino", allows: (value) => typeof value === "string" });

const RULES: OptionRules<LogOptions> = {
  success: level,
  failure: level,
  sessions: level,
  select: optionRules.function,
};

/**
 * Logs operations, sessions, limits and connections of the sessions with the options of `observe()`
 * that start from now on. It logs neither arguments nor results. Of errors, it logs the class, the
 * message, the code, the stack and the causes, and cuts long ones.
 *
 * Each entry of an operation has the members `traceId` and `callId`. A call has the same ones in
 * the logs of both ends, if the peer knows contexts: those of its span, or ids that are made for
 * the log. An error that the logger throws is reported, and fails no call.
 *
 * @param logger of pino, or an object with the same methods
 * @returns a function that ends the log
 * @throws TypeError for an unknown option or a wrong value
 *
 * @example
 * ```ts
 * logCalls(pino(), { success: "info" });
 * ```
 */
export function logCalls(
  logger: Pick<Logger, Level | "isLevelEnabled">,
  options: LogOptions = {},
): () => void {
  checkOptions("logCalls()", options, RULES);
  const log = new CallLog(logger, options);
  const { calls, served, sessions, connections, limit } = log.subscribers;
  channels.call.subscribe(calls);
  channels.serve.subscribe(served);
  channels.session.subscribe(sessions);
  channels.connect.subscribe(connections);
  channels.limit.subscribe(limit);
  return () => {
    channels.call.unsubscribe(calls);
    channels.serve.unsubscribe(served);
    channels.session.unsubscribe(sessions);
    channels.connect.unsubscribe(connections);
    channels.limit.unsubscribe(limit);
  };
}

class CallLog {
  readonly #logger: Pick<Logger, Level | "isLevelEnabled">;
  readonly #options: LogOptions;
  readonly #sessions = new WeakMap<object, number>();

  constructor(logger: Pick<Logger, Level | "isLevelEnabled">, options: LogOptions) {
    this.#logger = logger;
    this.#options = options;
  }

  readonly subscribers = {
    calls: {
      start: (event: CallEvent) => {
        // Otherwise, calls in one trace or without any would have the same ids, or none.
        if (event.kind === "stream" || isTraced(event.call)) return;
        event.add({ traceparent: traceparentWithin(event.call.context.traceparent) });
      },
      end: (event: CallEvent) => this.#over(event),
      asyncEnd: (event: CallEvent) => this.#over(event),
    },
    served: {
      end: (event: ServeEvent) => this.#over(event),
      asyncEnd: (event: ServeEvent) => this.#over(event),
    },
    sessions: {
      start: ({ session, id, medium }: SessionEvent) => {
        this.#sessions.set(session, id);
        this.#log(this.#ofSessions, () => [{ session: id, medium }, "session started"]);
      },
      asyncEnd: ({ id, medium, reason }: SessionEvent) =>
        this.#log(this.#ofSessions, () => [
          { session: id, medium, err: loggedError(reason) },
          "session ended",
        ]),
    },
    connections: {
      asyncEnd: ({ outcome, error, startedAt }: ConnectEvent) =>
        this.#log(this.#ofSessions, () => [
          {
            outcome,
            ms: clock.now() - startedAt,
            ...(error !== undefined && { err: loggedError(error) }),
          },
          `connection ${outcome}`,
        ]),
    },
    limit: ({ limit, error }: LimitEvent) =>
      this.#log(this.#ofSessions && "warn", () => [
        { limit, err: loggedError(error) },
        "limit exceeded",
      ]),
  };

  get #ofSessions(): Level | false {
    return this.#options.sessions ?? "info";
  }

  #over(event: CallEvent | ServeEvent): void {
    const { outcome } = event;
    if (outcome === undefined) return;
    const { success = "debug", failure = "error" } = this.#options;
    this.#log(
      outcome === "ok" ? success : failure,
      () => [
        {
          side: event.side,
          method: event.method,
          operation: event.kind,
          outcome,
          ms: event.duration,
          session: this.#sessions.get(event.call.session),
          ...correlation(event),
          ...(outcome !== "ok" && { err: loggedError(event.error) }),
        },
        `${event.side === "client" ? "called" : "served"} ${event.method}`,
      ],
      event,
    );
  }

  #log(at: Level | false, entry: () => [object, string], event?: OperationEvent): void {
    try {
      if (!at || !this.#logger.isLevelEnabled(at) || (event && !this.#selects(event))) return;
      this.#logger[at](...entry());
    } catch (error) {
      reportError(error, "observer");
    }
  }

  #selects(event: OperationEvent): boolean {
    return this.#options.select?.(event) ?? event.kind !== "stream";
  }
}

/** The ids that an operation has at both ends. */
function correlation(event: CallEvent | ServeEvent): { traceId?: string; callId?: string } {
  if (event.kind === "stream") return {};
  const ids = idsIn(event.traceparent);
  return ids ? { traceId: ids.traceId, callId: ids.spanId } : {};
}
