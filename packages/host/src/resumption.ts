import type { RpcSessionOptions, Transport } from "@capnweb/core";
import {
  type Admitted,
  type CloseMedium,
  networkOf,
  refuseSession,
  reportError,
} from "@capnweb/core/server";
import {
  type AcceptedTransport,
  ResumeAcceptor,
  type ResumeAcceptorOptions,
  type ResumeAttachment,
  ResumeError,
} from "@capnweb/resume";
import type { Entry } from "./entry.ts";
import { startLater } from "./start-later.ts";

/** Options of the sessions that outlive their connections. */
export type ResumeHostOptions = Omit<
  ResumeAcceptorOptions,
  "authorizeTimeout" | "onDetach" | "onResume" | "onExpire" | "onGoaway" | "onError"
>;

/** The facts about a connection that outlives the memory of its process. */
export interface KeptConnection {
  /** The facts about its session, if the memory was dropped since the session began. */
  readonly attachment?: ResumeAttachment | undefined;
  /** Keeps the facts about the session that has begun, or goes on. */
  keep(attachment: ResumeAttachment): void;
}

/** Starts sessions that outlive their connections, and gives them new connections. */
export class Resumption {
  readonly #acceptor: ResumeAcceptor;
  readonly #onError: RpcSessionOptions["onError"];
  readonly #entries = new WeakMap<AcceptedTransport, Entry>();

  constructor(options: ResumeHostOptions, onError: RpcSessionOptions["onError"]) {
    this.#onError = onError;
    this.#acceptor = new ResumeAcceptor({ ...options, onError });
  }

  /** The number of sessions without a connection. */
  get detached(): number {
    return this.#acceptor.detached;
  }

  /** Bytes that wait for the clients of these sessions. */
  get detachedBytes(): number {
    return this.#acceptor.detachedBytes;
  }

  /** Ends the sessions without a connection, and keeps none from now on. */
  dispose(): void {
    this.#acceptor.dispose();
  }

  /**
   * Serves a connection: starts a session on it, or gives it to the session that it resumes. A
   * session is resumed only by a client that `authorize` gave the same identity.
   *
   * @param entry the entry of the connection's request
   * @param close closes the connection
   */
  async serve(
    entry: Entry,
    admitted: Admitted,
    transport: Transport,
    options: RpcSessionOptions,
    close: CloseMedium,
    kept?: KeptConnection,
  ): Promise<void> {
    entry.isKept = true;
    try {
      const { kind, transport: accepted } = await this.#acceptor.accept(transport, {
        // A context without an identity stands for itself.
        identity: entry.identity ?? entry.context,
        group: networkOf(entry.address),
        attachment: kept?.attachment,
      });
      kept?.keep(accepted.attachment);
      const resumed = kind === "resumed" ? this.#entries.get(accepted) : undefined;
      if (resumed) {
        resumed.takeOver(entry);
        return;
      }
      const { closeReason } = entry;
      if (closeReason !== undefined) {
        refuseSession(accepted, { status: 503, reason: closeReason }, options);
        entry.end(new Error(closeReason));
        return;
      }
      this.#entries.set(accepted, entry);
      entry.closeBy((cause, reason) => {
        if (cause === "goingAway") entry.endSession(reason);
        else accepted.abort(new Error(reason));
      });
      entry.runOn(accepted);
      admitted.serve(startLater(accepted), options, (cause, reason) => {
        accepted.abort(new Error(reason));
        close(cause, reason);
      });
    } catch (error) {
      entry.end(error);
      if (!(error instanceof ResumeError)) reportError(error, this.#onError);
    }
  }
}
