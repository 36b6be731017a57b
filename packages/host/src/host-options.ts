import type { RpcCompatible, RpcStub } from "@capnweb/core";
import type {
  AdmissionOptions,
  Authorization,
  SessionHostOptions,
  SessionRequest,
} from "@capnweb/core/server";
import type { HostedSession } from "./hosted-session.ts";
import type { ResumeHostOptions } from "./resumption.ts";

/**
 * A session that has just been started, as handed to the function that makes its main object.
 *
 * @typeParam T the client's main object
 */
export interface HostedClient<T extends RpcCompatible<T> = any> {
  /**
   * The stub of the client's main object, for calls to the client. You may keep it; disposing of it
   * ends the session. The client of an HTTP batch can't be called.
   */
  readonly client: ClientStub<T>;
  /** The session, as the host lists it. */
  readonly session: HostedSession<T>;
  /** The request that the session was accepted for. */
  readonly request: SessionRequest;
}

/** The stub of a client's main object. Its type is `any` if nothing tells the object's type. */
export type ClientStub<T extends RpcCompatible<T>> = 0 extends 1 & T ? any : RpcStub<T>;

/**
 * Options of an `RpcHost`: those of its sessions, which hold for every medium, and its own.
 *
 * @typeParam C the context that `authorize` gives
 * @typeParam T the clients' main object
 */
export interface HostOptions<C = any, T extends RpcCompatible<T> = any>
  extends SessionHostOptions,
    AdmissionOptions {
  /**
   * Makes the main object of a session, or a promise of it; the session owns it. It receives the
   * context that `authorize` gave. Its errors go to `onError`; the client learns only that the
   * server failed to start the session.
   */
  createMain: (context: C, client: HostedClient<T>) => unknown;
  /**
   * Decides on a request before its session starts, for example by its credentials. `true` accepts;
   * `false` refuses with 403; `{ status, reason }` refuses with that status and text; `{ context }`
   * accepts, and hands `context` to `createMain`. Add an `identity` to name the client in the list
   * of sessions. If it throws, the client gets 500, and `onError` receives the error. Default:
   * every request is accepted.
   */
  authorize?:
    | ((request: SessionRequest) => Authorization<C> | PromiseLike<Authorization<C>>)
    | undefined;
  /** Milliseconds that `authorize` may take; the client then gets 503. Default 10,000. */
  authorizeTimeout?: number | undefined;
  /**
   * Milliseconds from the request to the main object: `authorize` and `createMain` together.
   * Default 30,000.
   */
  openTimeout?: number | undefined;
  /**
   * Keeps sessions without a connection for clients that come back (`@capnweb/resume`), within the
   * limits of these options. `authorize` decides on each new connection. It must give the same
   * `identity` as before; a context without one must be the same value. Default `false`.
   */
  resume?: ResumeHostOptions | false | undefined;
  /**
   * Seconds after which clients that are refused during a drain may try again. Default 1, because
   * another server takes them.
   */
  retryAfter?: number | undefined;
  /**
   * True if the host counts the frames and bytes of each session. A transport that carries trees,
   * such as a port, makes this walk through each message. Default true.
   */
  countTraffic?: boolean | undefined;
  /** Called when a session has opened. An error that it throws goes to `onError`. */
  onOpen?: ((session: HostedSession<T>) => void) | undefined;
  /**
   * Called when a session has ended, with the reason. An error that it throws goes to `onError`.
   */
  onEnd?: ((session: HostedSession<T>, reason: unknown) => void) | undefined;
}

/**
 * The options that the constructor of an `RpcHost` takes. `authorize` can't be left out if
 * `createMain` needs its context: without it, the context is `undefined`.
 */
export type NewHostOptions<C, T extends RpcCompatible<T>> = HostOptions<C, T> &
  (undefined extends C ? unknown : { authorize: NonNullable<HostOptions<C, T>["authorize"]> });
