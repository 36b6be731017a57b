import type { RpcSession } from "../rpc-session.ts";
import type { RpcSessionOptions } from "../session/options.ts";
import type { Transport } from "../transport.ts";
import type { AccessOptions } from "./access.ts";
import type { Refusal } from "./refusal.ts";

/** A client's request for a session, in the form that all media reduce it to. */
export interface SessionRequest {
  /**
   * The medium: `"websocket"`, `"http"` for a batch, `"webtransport"`, or the name that the
   * application gave.
   */
  readonly medium: string;
  /** The path and the query, as the client sent them. Empty for media without URLs. */
  readonly url: string;
  /** The request's headers. Empty for media without headers. */
  readonly headers: RequestHeaders;
  /** The client's address, without its port, if it is known. */
  readonly address: string | undefined;
  /**
   * The medium's own object: an `IncomingMessage` of Node, a standard `Request`, or anything that
   * the application gave.
   */
  readonly source: unknown;
}

/** The headers of a request. The standard `Headers` are such an object. */
export interface RequestHeaders {
  /** Returns a header's value. `name` may have any case. */
  get(name: string): string | null | undefined;
}

/** The headers of a medium that has none. */
export const NO_HEADERS: RequestHeaders = Object.freeze({ get: () => undefined });

/**
 * The cause for which a server closes a medium: its shutdown, or a failure to make the main object.
 */
export type CloseCause = "goingAway" | "failed";

/** Closes a medium, in a form that tells its peer the cause. Does nothing if it is closed. */
export type CloseMedium = (cause: CloseCause, reason: string) => void;

/** A client that may have a session. */
export interface Admitted {
  /** A refusal has a status. */
  readonly status?: undefined;

  /**
   * Starts the client's session, and makes its main object.
   *
   * @param transport carries the messages; the session owns it
   * @param options the session's options, with the medium's defaults
   * @param close closes the medium
   */
  serve(transport: Transport, options: RpcSessionOptions, close: CloseMedium): void;

  /**
   * Returns the options of a session that the medium itself starts, for one exchange of messages.
   *
   * @param options the session's options, with the medium's defaults
   * @param close ends the exchange
   */
  exchange(options: RpcSessionOptions, close: CloseMedium): RpcSessionOptions;

  /**
   * Makes the main object of such a session, or a promise of it. The caller owns it.
   *
   * @throws any error of the application
   */
  createMain(): unknown;
}

/**
 * The decisions of a server that are the same over all media: how many sessions it has, which
 * clients may have one, and which main object they get. A function that serves a medium has a host
 * of its own ({@link Reception}), or shares one with others (`RpcHost` of `@capnweb/host`).
 */
export interface SessionHost {
  /** The options of the sessions, and the origins and hosts that every medium checks. */
  readonly options: SessionHostOptions;
  /** The number of sessions, including those that are being opened. */
  readonly size: number;

  /**
   * Decides on a request whose origin and host are allowed. A promise never rejects.
   *
   * @param onOver registers a callback for the end of the request's connection, which gives the
   *   session's place back. Called at most once, before this method returns
   */
  admit(
    request: SessionRequest,
    onOver: (leave: () => void) => void,
  ): Refusal | Admitted | Promise<Refusal | Admitted>;

  /** Turns the error of a check that the medium made into a refusal, and reports it. */
  refuse(error: Error & { readonly status: number }): Refusal;
}

/** The options of a {@link SessionHost} that the media use. */
export interface SessionHostOptions extends RpcSessionOptions, AccessOptions {
  /** Milliseconds from the request to the main object. Default: that of the medium. */
  openTimeout?: number | undefined;
}

/** True for a host, as opposed to a function that makes main objects. */
export function isSessionHost(value: unknown): value is SessionHost {
  return typeof (value as Partial<SessionHost> | undefined)?.admit === "function";
}

/** The session of a request, for the function that makes its main object. */
export interface ReceivedSession<C = unknown> {
  readonly request: SessionRequest;
  /** The context that `authorize` gave. */
  readonly context: C;
  /** The session; `undefined` for an exchange, whose session starts later. */
  readonly session: RpcSession<any> | undefined;
}
