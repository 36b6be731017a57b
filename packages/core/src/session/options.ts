import type { LimitError, LimitsOption, ValueType } from "@capnweb/wire";
import type { CallOptions } from "../call-context/call-options.ts";
import type { ErrorListener } from "../report.ts";
import type { BaseSession } from "./base-session.ts";
import type { Interception } from "./interception.ts";

/** The part of a session's options that only servers know. */
export interface ServedFrom {
  /** The client's network, as `networkOf` returns it; see {@link HeldBytes}. */
  readonly network?: string | undefined;
  /** The medium of the client's request, such as `"websocket"`, for code that observes sessions. */
  readonly medium?: string | undefined;
}

/** Options of a session. Every function that starts one takes them. */
export interface RpcSessionOptions {
  /**
   * Called with every `Error` that is about to be sent, thrown or not. Use it to log errors, and to
   * decide what the peer learns. If it returns an error, that error is sent instead, with its stack
   * if it has one; else the original is sent without its stack. It also receives failures of calls
   * that the peer doesn't await, but each only once: it isn't called again if the peer asks for one
   * later.
   */
  onSendError?: ((error: Error) => Error | void) | undefined;

  /**
   * The own properties of errors to send. A name, a message, `cause`, `errors`, and a `code` that
   * is text or a number are always sent, and so are the properties that an error's class names:
   *
   * ```ts
   * class CreditError extends Error {
   *   static readonly rpcProperties = ["balance"];
   * }
   * ```
   *
   * Names given here are added for errors of every class; `"all"` sends every enumerable own
   * property. Libraries put queries, headers and addresses into properties of their errors, so use
   * `"all"` only for peers that may know these. Default: none. See also `RpcError`.
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
   * The options of the calls that this session makes. Options that `callOptions` gives to a stub
   * take precedence, even with a longer timeout. They take precedence themselves over the metadata
   * and trace of the call in which a method makes a call, because a client may have sent those.
   * Default: none.
   */
  call?: CallOptions | undefined;

  /**
   * True to tell the peer which extensions of the protocol this side knows, so that both use
   * those they share: fewer messages, fewer frames, bytes as bytes (docs/protocol.md,
   * "Extensions"). Any other peer ignores that message. If false, messages are the same as those of
   * `capnweb`, byte for byte. `"reply"` announces only to a peer that has announced itself: servers
   * use it, because a few implementations take the first message as an answer. Default true.
   */
  announce?: boolean | "reply" | undefined;

  /**
   * True if a call that is only awaited leaves as a `stream` message, so that it takes two messages
   * instead of four. Default: once the peer has announced that it knows this. Set `true` to do so
   * from the start, but only if you know the peer: `capnweb` 0.5 and later answer such calls, while
   * earlier versions end the session.
   */
  streamCalls?: boolean | undefined;

  /**
   * True if the session releases stubs and promises that the program has forgotten: once they are
   * garbage-collected, it tells the peer that they aren't needed. Collection is late and may never
   * come, so dispose of stubs all the same. `"trace"` also keeps the stack of each call that gives
   * a stub, so that the warning of development builds about a forgotten stub says where it was
   * made; this costs several microseconds per call. Default: true, if the runtime has
   * `FinalizationRegistry`.
   */
  releaseForgotten?: boolean | "trace" | undefined;

  /**
   * Bounds on what this side accepts from the peer: a profile, or limits that differ from the
   * default profile (docs/limits.md). The default is `"server"` in functions for servers, and
   * `"client"` elsewhere. `"trusted"` is for peers that are part of the same program.
   */
  limits?: LimitsOption | undefined;

  /**
   * Receives errors that no caller on this side can get: those that the application's own callbacks
   * and disposers throw, or reject their promises with; the rejection of a main object's promise;
   * failures to close the transport. `info.source` names the origin. An error that `onError` itself
   * throws goes to the console. Default: `console.error`.
   *
   * @example
   * ```ts
   * const onError = (error: unknown, { source }: ErrorInfo) => log.error({ error, source });
   * ```
   */
  onError?: ErrorListener | undefined;

  /** Called when the peer exceeds a limit, before the session ends. For counters and alerts. */
  onLimit?: ((error: LimitError) => void) | undefined;

  /**
   * Receives the error of each call of the peer that has failed, and whose result the peer hasn't
   * asked for by then. Such an error isn't sent: it is lost, unless the peer asks later, or uses
   * the result in another call. `id` is that of the result in the session's messages, so that tools
   * which read them find the call. The option `onCallError` of `observe()` has all failures.
   *
   * @example
   * ```ts
   * const onLostError = (error: unknown) => log.warn({ error }, "a failure that no one asked for");
   * ```
   */
  onLostError?: ((error: unknown, id: number) => void) | undefined;

  /**
   * Receives the session once it has started: for its statistics, its `signal` and `onClose`.
   * It runs before the function that starts the session returns, and on a server before
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
   * Receives everything that the session sends (`"out"`) and receives (`"in"`), in order and in the
   * transport's form: text, which may hold several messages joined by newlines; a `Uint8Array`, the
   * bytes that the next text refers to; or a tree, if the transport encodes messages itself.
   * Messages of a batch come one by one. Use it for debugging and for counting bytes.
   *
   * `size` counts UTF-16 code units of text and bytes of a `Uint8Array`; for a tree, it is an
   * estimate. Don't change a message, and copy bytes that you keep: they belong to the session. An
   * error that the callback throws goes to `onError`. Without the callback, nothing is counted.
   *
   * `session` tells apart the sessions that share the callback. It is `undefined` for the messages
   * of a session's very start, such as its announcement, which come before its `onSession`.
   *
   * @example
   * ```ts
   * const bytes = { in: 0, out: 0 };
   * const onMessage = (direction: "in" | "out", _message: unknown, size: number) => {
   *   bytes[direction] += size;
   * };
   * ```
   */
  onMessage?:
    | ((
        direction: "in" | "out",
        message: unknown,
        size: number,
        session: BaseSession<any> | undefined,
      ) => void)
    | undefined;

  /**
   * The interceptors around the session's operations, in both directions: `intercept(a, b)`, of
   * which `a` is the outermost. See docs/interceptors.md. Default: none.
   *
   * @example
   * ```ts
   * const options = { interceptors: intercept(logging, guard) };
   * ```
   */
  interceptors?: Interception | undefined;
}
