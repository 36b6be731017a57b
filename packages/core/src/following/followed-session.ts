import { runtimeWith } from "../default-runtime.ts";
import { type Puller, pullInto } from "../model/hook.ts";
import { ALL_SERVICES } from "../session/all-services.ts";
import { BaseSession, tellStarted } from "../session/base-session.ts";
import type { RpcSessionOptions } from "../session/options.ts";
import type { Outgoing } from "../session/outgoing.ts";
import { Session } from "../session/session.ts";
import type { Transport } from "../transport.ts";
import { wrapTransport } from "../wrap-transport.ts";
import { type FrameCounts, type LossError, SessionCalls } from "./session-calls.ts";

/** Has an import keep its resolution. */
const KEEP: Puller = { resolve() {}, reject() {} };

/**
 * A session that a {@link Following} may follow. When it ends, the error of each call tells whether
 * the call may have run.
 */
export class FollowedSession {
  readonly #calls: SessionCalls;
  readonly #session: BaseSession<any>;
  readonly #outgoing: Pick<Outgoing, "imports" | "probe">;

  /**
   * Starts a session as `startSession` does.
   *
   * @param transport carries the messages; the session owns it
   * @param localMain the peer's main object; the session owns it
   * @param lossError makes the errors of lost calls, at most once for each `execution`
   * @param counts those of the transport, if it keeps frames back while it has no connection
   */
  constructor(
    transport: Transport,
    localMain: unknown,
    options: RpcSessionOptions,
    lossError: LossError,
    counts?: FrameCounts,
  ) {
    const calls = new SessionCalls(lossError, counts);
    const noted = wrapTransport(transport, {
      send: (frame) => calls.sending(() => transport.send(frame)),
    });
    this.#calls = calls;
    const inner = new Session(runtimeWith(options.types), ALL_SERVICES, noted, localMain, {
      ...options,
      lostCalls: calls,
    });
    this.#outgoing = inner.outgoing;
    this.#session = new BaseSession<any>(inner);
    tellStarted(this.#session, options);
  }

  /** The session: its main stub, its statistics, its end. */
  get session(): BaseSession<any> {
    return this.#session;
  }

  /**
   * Asks for the results that nothing has asked for so far, because the session is about to end,
   * and something may ask later.
   *
   * @returns true if no result is still to come, in whatever way its call was made
   */
  askForResults(): boolean {
    const entries = this.#outgoing.imports.values();
    for (const entry of entries) if (entry.isCall && !entry.isAwaited) entry.pull(KEEP);
    return !entries.some((entry) => entry.isAwaited);
  }

  /**
   * Asks the peer for a sign of life, as `probe()` of `@capnweb/core/probe` does.
   *
   * @param onAnswer called once: with the answer, the end of the session, or the returned function
   * @returns a function that gives the probe up. Idempotent
   */
  probe(onAnswer: () => void): () => void {
    const answer = this.#outgoing.probe();
    pullInto(answer, { resolve: onAnswer, reject: onAnswer });
    return () => answer.dispose();
  }

  /** The number of results of followed calls that are waited for. */
  get underWay(): number {
    return this.#calls.underWay;
  }

  /** Notes the calls that left meanwhile, because the transport has a connection again. */
  noteWritten(): void {
    this.#calls.noteWritten();
  }

  /**
   * Makes the calls again that never left, on the targets that are now followed. Call it once the
   * session has ended, and after {@link Following.leave}.
   */
  makeUnsentAgain(): void {
    this.#calls.makeUnsentAgain();
  }

  /** The session's calls. For this package only. */
  get calls(): SessionCalls {
    return this.#calls;
  }
}
