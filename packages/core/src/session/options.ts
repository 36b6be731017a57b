import type { LimitError, LimitsOption, ValueType } from "@capnweb/wire";
import type { CallOptions } from "../call-context/call-options.ts";
import type { ErrorListener } from "../report.ts";
import type { BaseSession } from "./base-session.ts";
import type { Interception } from "./interception.ts";

/** The part of a session's options that only servers know. */
export interface ServedFrom {
  /** The client's network, as `networkOf` gives it: see {@link HeldBytes}. */
  readonly network?: string | undefined;
}

/** Options of a session. Every function that starts one takes them. */
export interface RpcSessionOptions {
  /**
   * Called with every `Error` that is about to be sent, thrown or not: the place to log it, and to
   * decide what the peer learns. An error that it returns is sent instead, with its stack if it has
   * one; else the original is sent without its stack. Failures of calls that the peer doesn't await
   * come here as well, and only once: they are sent if the peer asks for them later.
   */
  onSendError?: ((error: Error) => Error | void) | undefined;

  /**
   * The own properties of errors that are sent. A name, a message, `cause`, `errors`, and a `code`
   * that is text or a number are always sent, and so are the properties that an error's class
   * names:
   *
   * ```ts
   * class CreditError extends Error {
   *   static readonly rpcProperties = ["balance"];
   * }
   * ```
   *
   * Names given here are added for errors of every class; `"all"` sends every enumerable own
   * property. Libraries put queries, headers and addresses into properties of their errors, so
   * `"all"` is for peers that may know these. Default: none. See also `RpcError`.
   */
  errorProperties?: readonly string[] | "all" | undefined;

  /**
   * The application's own value types, each made with `valueType` of `@capnweb/wire`. Give the same
   * ones to both ends: a peer that doesn't know a type ends the session when a value of it arrives.
   * They don't work in the callbacks of `map()`. Default: none.
   *
   * @example
   * ```ts
   * const types = [money, orderedMap];
   * const api = newWebSocketRpcSession<Api>(url, undefined, { types });
   * ```
   */
  types?: readonly ValueType[] | undefined;

  /**
   * The options of the calls that this session makes. Those that `callOptions` gives a stub go
   * before them, a longer timeout included.
   */
  call?: CallOptions | undefined;

  /**
   * Whether to tell the peer which extensions of the protocol this side knows, so that both use
   * what they have in common: fewer messages, fewer frames, bytes as bytes (docs/protocol.md,
   * "Extensions"). Any other peer ignores the message that says so. Without it, what is sent is,
   * byte for byte, what `capnweb` sends. `"reply"` tells only a peer that has told this side: the
   * choice of servers, because a few implementations take the first message for an answer. Default
   * true.
   */
  announce?: boolean | "reply" | undefined;

  /**
   * Whether a call that is awaited, and nothing else, leaves as a `stream` message, so that it
   * takes two messages rather than four. Default: once the peer has announced that it knows this.
   * `true` does so from the start: `capnweb` 0.5 and later answer such calls, earlier ones end the
   * session.
   */
  streamCalls?: boolean | undefined;

  /**
   * Whether the session releases stubs and promises that the program has forgotten: once they are
   * garbage-collected, the peer is told that they aren't needed. Collection is late and may never
   * come, so dispose of stubs even so. `"trace"` also keeps the stack of each call that gives a
   * stub, which costs several microseconds a call; the warning that development builds print for a
   * forgotten stub then says where it was made. Default: true, where the runtime has
   * `FinalizationRegistry`.
   */
  releaseForgotten?: boolean | "trace" | undefined;

  /**
   * The amounts that this side takes from the peer: a profile, or the limits that differ from the
   * profile in force (docs/limits.md). The default is `"server"` at the functions for servers,
   * `"client"` elsewhere. `"trusted"` is for peers that are part of the same program.
   */
  limits?: LimitsOption | undefined;

  /**
   * Receives the errors that this side can't hand to a caller: those that the application's own
   * callbacks and disposers throw, or that a promise rejects with that they return; a main object's
   * promise that rejects; failures to close the transport. `info.source` says where an error is
   * from. An error that `onError` itself throws goes to the console. Default: `console.error`.
   *
   * @example
   * ```ts
   * const onError = (error: unknown, { source }: ErrorInfo) => log.error({ error, source });
   * ```
   */
  onError?: ErrorListener | undefined;

  /**
   * Told when the peer went over a limit, before the session ends. For counters and alerts.
   */
  onLimit?: ((error: LimitError) => void) | undefined;

  /**
   * Receives the session once it has started: for its statistics, its `signal`, `onClose` and
   * `drain()`. It runs before the function that starts the session returns, and on a server before
   * the main object is made. An error that it throws goes to `onError`; the session lives on.
   *
   * @example
   * ```ts
   * const onSession = (session: BaseSession<any>) => {
   *   sessions.add(session);
   *   session.onClose(() => sessions.delete(session));
   * };
   * ```
   */
  onSession?: ((session: BaseSession<any>) => void) | undefined;

  /**
   * Is shown everything that the session sends (`"out"`) and receives (`"in"`), in order and as the
   * transport has it: text, which may hold several messages joined by newlines; a `Uint8Array`, the
   * bytes that the next text refers to; or a tree, where the transport encodes messages itself.
   * Messages of a batch are shown one by one. For debugging and for counting bytes.
   *
   * `size` counts UTF-16 code units of text and bytes of a `Uint8Array`; of a tree, it is an
   * estimate. Don't change a message, and copy bytes that you keep: they belong to the session. An
   * error that the callback throws goes to `onError`. Without the callback, nothing is counted.
   *
   * @example
   * ```ts
   * const bytes = { in: 0, out: 0 };
   * const onMessage = (direction: "in" | "out", _message: unknown, size: number) => {
   *   bytes[direction] += size;
   * };
   * ```
   */
  onMessage?: ((direction: "in" | "out", message: unknown, size: number) => void) | undefined;

  /**
   * The interceptors around the session's operations, in both directions: `intercept(a, b)`, of
   * which `a` is the outermost. See docs/interceptors.md.
   *
   * @example
   * ```ts
   * const options = { interceptors: intercept(logging, guard) };
   * ```
   */
  interceptors?: Interception | undefined;
}
