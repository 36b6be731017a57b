import { type BaseSession, reportError } from "@capnweb/core";
import type { MessageEvent, SessionEvent } from "../channels/events.ts";
import { channels } from "../channels/index.ts";
import { BoundedMap } from "../messages/bounded-map.ts";
import { short } from "../messages/expression-text.ts";
import { introducedIn } from "../messages/introductions.ts";
import { type Direction, Ledger, type ToldMessage } from "../messages/ledger.ts";

/** A capability that one side of a session holds. */
export interface CapabilityRow {
  readonly session: BaseSession<any>;
  /** `"us"` if this side holds one of the peer's objects, `"peer"` if it is the other way round. */
  readonly holder: "us" | "peer";
  readonly kind: "stub" | "promise" | "stream" | "result";
  /** The id in the session's messages. */
  readonly id: number;
  /** The call that handed it over, such as `result of users.open()`. */
  readonly from: string;
  /** The time since which it is held. */
  readonly since: Date;
  /** Milliseconds since then, at the time of the table. */
  readonly age: number;
}

/** A table of the capabilities that sessions hold. */
export interface CapabilityTracking {
  /** The capabilities that are held now, the oldest first. */
  rows(): CapabilityRow[];
  /** The same as text, for a terminal: one line each, at most `most` (default 50). */
  text(most?: number): string;
  /** Ends the tracking. */
  stop(): void;
}

interface Held {
  readonly kind: CapabilityRow["kind"];
  readonly id: number;
  readonly from: string;
  readonly since: number;
  /** The introductions that a release has to repeat. */
  count: number;
}

/** Capabilities that are remembered in each direction. */
const MOST_HELD = 10_000;

/**
 * Tracks the capabilities that the sessions with the options of `observe()` hold, by their
 * messages: what, since when, and the call that handed it over. Stubs that were forgotten are the
 * oldest. For development: it reads all messages a second time. Call it before `observe()`.
 *
 * @example
 * ```ts
 * const capabilities = trackCapabilities();
 * process.on("SIGUSR2", () => console.log(capabilities.text()));
 * ```
 */
export function trackCapabilities(): CapabilityTracking {
  const sessions = new Map<BaseSession<any>, SessionTable>();
  const message = ({ session, direction, message: frame }: MessageEvent) => {
    try {
      sessions.get(session)?.read(direction, frame);
    } catch (error) {
      reportError(error, "observer");
    }
  };
  const subscribers = {
    start: ({ session }: SessionEvent) => void sessions.set(session, new SessionTable()),
    asyncEnd: ({ session }: SessionEvent) => void sessions.delete(session),
  };
  channels.message.subscribe(message);
  channels.session.subscribe(subscribers);
  const rows = () => {
    const now = Date.now();
    const all = [...sessions].flatMap(([session, table]) => [...table.rows(session, now)]);
    return all.sort((a, b) => b.age - a.age);
  };
  return {
    rows,
    text: (most = 50) => textOf(rows(), most),
    stop() {
      channels.message.unsubscribe(message);
      channels.session.unsubscribe(subscribers);
      sessions.clear();
    },
  };
}

/** The capabilities that the two sides of a session hold. */
class SessionTable {
  readonly #ledger = new Ledger();
  /** By the direction of the messages that handed them over. */
  readonly #held: Record<Direction, BoundedMap<number, Held>> = {
    in: new BoundedMap(MOST_HELD),
    out: new BoundedMap(MOST_HELD),
  };

  read(direction: Direction, frame: unknown): void {
    for (const told of this.#ledger.read(direction, frame)) {
      if (!("error" in told)) this.#take(told);
    }
  }

  #take(told: ToldMessage): void {
    const { message, direction, made, answered } = told;
    const other = direction === "in" ? "out" : "in";
    if (message[0] === "release") {
      this.#released(other, message[1], message[2]);
      return;
    }
    if (message[0] === "pull" || message[0] === "pipe") return;
    if (message[0] === "reject" && message[1] < 0) this.#held[direction].delete(message[1]);
    // A result belongs to the side that made the call, until it releases it.
    if (message[0] === "push") this.#hold(other, "result", made!.id, `call of ${made!.method}()`);
    const from = answered
      ? `result of ${answered.method}()`
      : made
        ? `argument of ${made.method}()`
        : "a value";
    for (const { tag, id } of introducedIn(message.at(-1))) {
      this.#hold(direction, KINDS[tag]!, id, from);
    }
  }

  #hold(direction: Direction, kind: Held["kind"], id: number, from: string): void {
    const held = this.#held[direction].get(id);
    if (held) held.count++;
    else this.#held[direction].set(id, { kind, id, from, since: Date.now(), count: 1 });
  }

  #released(direction: Direction, id: number, count: number): void {
    const held = this.#held[direction].get(id);
    if (!held) return;
    held.count -= count;
    if (held.count <= 0) this.#held[direction].delete(id);
  }

  *rows(session: BaseSession<any>, now: number): Generator<CapabilityRow> {
    for (const direction of ["in", "out"] as const) {
      const holder = direction === "in" ? "us" : "peer";
      for (const { kind, id, from, since } of this.#held[direction].values()) {
        yield { session, holder, kind, id, from, since: new Date(since), age: now - since };
      }
    }
  }
}

const KINDS: Readonly<Record<string, CapabilityRow["kind"]>> = {
  export: "stub",
  promise: "promise",
  writable: "stream",
};

/** The longest name of the call that handed over a capability. A peer may have chosen it. */
const LONGEST_ORIGIN = 200;

function textOf(rows: readonly CapabilityRow[], most: number): string {
  const lines = rows.slice(0, most).map(({ age, holder, kind, from }) => {
    const seconds = `${(age / 1000).toFixed(1)} s`.padStart(10);
    const held = holder === "us" ? "we hold" : "held by the peer";
    return `${seconds}  ${held}: ${kind}, ${short(from, LONGEST_ORIGIN)}`;
  });
  if (rows.length > most) lines.push(`… and ${rows.length - most} younger ones`);
  return lines.join("\n");
}
