import type { LimitError, LimitsOption } from "@capnweb/wire";

/** What an application can say about a session. Every function that starts one takes it. */
export interface RpcSessionOptions {
  /**
   * Called with every `Error` that is about to be sent, thrown or not: the place to log it, and to
   * decide what the peer learns. An error that it returns is sent instead, with its stack if it has
   * one; else the original is sent without its stack.
   */
  onSendError?: ((error: Error) => Error | void) | undefined;

  /**
   * Whether to tell the peer which extensions of the protocol this side knows, so that both use what
   * they have in common: fewer messages, fewer frames, bytes as bytes (docs/protocol.md,
   * "Extensions"). Any other peer ignores the message that says so. Without it, what is sent is, byte
   * for byte, what `capnweb` sends. `"reply"` tells only a peer that has told this side: the choice of
   * servers, because a few implementations take the first message for an answer. Default true.
   */
  announce?: boolean | "reply" | undefined;

  /**
   * Whether a call that is awaited, and nothing else, leaves as a `stream` message, so that it takes
   * two messages rather than four. Default: once the peer has announced that it knows this. `true`
   * does so from the start: `capnweb` 0.5 and later answer such calls, earlier ones end the session.
   */
  streamCalls?: boolean | undefined;

  /**
   * The amounts that this side takes from the peer: a profile, or the limits that differ from the
   * profile in force (docs/limits.md). The default is `"server"` at the functions for servers,
   * `"client"` elsewhere. `"trusted"` is for peers that are part of the same program.
   */
  limits?: LimitsOption | undefined;

  /**
   * Receives the errors that this side can't hand to a caller: those that the application's own
   * callbacks throw, and failures of the transport. An error that it throws is dropped. Default:
   * `console.error`.
   */
  onError?: ((error: unknown) => void) | undefined;

  /**
   * Told when the peer went over a limit, before the session ends. For counters and alerts.
   */
  onLimit?: ((error: LimitError) => void) | undefined;
}
