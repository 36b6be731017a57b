import type { BaseSession, LimitError } from "@capnweb/core";
import type { SessionEvent } from "../channels/events.ts";
import { channels } from "../channels/index.ts";
import { OTHER } from "../names/method-names.ts";
import { clock } from "./clock.ts";
import { tallies } from "./tally.ts";

/** The medium of a session that nothing tells anything about. */
const UNKNOWN_MEDIUM = "other";

/** Codes of errors that a session's peer, or a failure of this library, ended it with. */
const FAULTS: ReadonlySet<unknown> = /* @__PURE__ */ new Set([
  "BAD_EXPRESSION",
  "BAD_JSON",
  "LIMIT",
  "PROTOCOL",
  "TOO_DEEP",
]);

let started = 0;

/** The event of a session. */
class SessionRecord implements SessionEvent {
  readonly session: BaseSession<any>;
  readonly id = ++started;
  readonly medium: string;
  readonly startedAt = clock.now();
  reason: unknown = undefined;

  constructor(session: BaseSession<any>, medium: string) {
    this.session = session;
    this.medium = medium;
  }
}

/** Most frames that are kept for a session that has no object yet. */
const MOST_EARLY = 64;

interface Early {
  readonly direction: "in" | "out";
  readonly message: unknown;
  readonly size: number;
}

/** True if something observes frames. */
export function areFramesObserved(): boolean {
  return tallies.traffic.current.length > 0 || channels.message.hasSubscribers;
}

/** Publishes the sessions that share options, and their frames. */
export class SessionPublisher {
  readonly #medium: string | undefined;
  #nextMedium: string | undefined;
  #early: Early[] = [];

  /** @param medium for sessions whose own medium isn't known */
  constructor(medium: string | undefined) {
    this.#medium = medium;
  }

  /** Notes that a session is about to start. {@link started} follows, unless its start fails. */
  starting(medium: string | undefined): void {
    this.#nextMedium = medium;
    this.#early = [];
  }

  started(session: BaseSession<any>): void {
    const early = this.#early;
    this.#early = [];
    const { start, end, error, asyncStart, asyncEnd } = channels.session;
    const record = new SessionRecord(session, this.#medium ?? this.#nextMedium ?? UNKNOWN_MEDIUM);
    start.publish(record);
    end.publish(record);
    for (const each of early) channels.message.publish({ session, ...each });
    session.onClose((reason) => {
      record.reason = reason;
      if (isFault(reason)) error.publish(record);
      asyncStart.publish(record);
      asyncEnd.publish(record);
    });
  }

  message(
    direction: "in" | "out",
    message: unknown,
    size: number,
    session: BaseSession<any> | undefined,
  ): void {
    for (const tally of tallies.traffic.current) tally.frame(direction, size);
    if (!channels.message.hasSubscribers) return;
    if (session) channels.message.publish({ session, direction, message, size });
    else if (this.#early.length < MOST_EARLY) this.#early.push({ direction, message, size });
  }

  limit(error: LimitError): void {
    if (!channels.limit.hasSubscribers) return;
    channels.limit.publish({ error, limit: error.limit ?? OTHER });
  }
}

function isFault(reason: unknown): boolean {
  return FAULTS.has((reason as { readonly code?: unknown } | null | undefined)?.code);
}
