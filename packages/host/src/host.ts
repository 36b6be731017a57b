import {
  type RpcCompatible,
  type RpcStub,
  reportError,
  resolveLimits,
  type Transport,
} from "@capnweb/core";
import { checkOptions } from "@capnweb/core/options";
import {
  type Accepted,
  type CloseMedium,
  type Leave,
  NO_HEADERS,
  type ReceivedClient,
  type ReceivedSession,
  Reception,
  type Refusal,
  type RequestHeaders,
  refuseSession,
  type SessionHost,
  type SessionRequest,
} from "@capnweb/core/server";
import { type BroadcastOptions, type BroadcastReport, broadcast } from "./broadcast.ts";
import { closingBy } from "./closing.ts";
import { ConnectionOverError } from "./connection-over.ts";
import { type DrainOptions, type DrainReport, drainSessions } from "./drain.ts";
import type { Entry } from "./entry.ts";
import { EntryList } from "./entry-list.ts";
import type { HostHealth } from "./health.ts";
import { holdTransport } from "./held-transport.ts";
import type { HostOptions, NewHostOptions } from "./host-options.ts";
import type { HostedAdmission } from "./hosted-admission.ts";
import { hostedClient } from "./hosted-client.ts";
import type { HostedSession } from "./hosted-session.ts";
import { BROADCAST_RULES, DRAIN_RULES, HOST_RULES, outsideHost } from "./option-rules.ts";
import { Resumption } from "./resumption.ts";
import { type SessionWatcher, Watchers } from "./session-watcher.ts";
import { startLater } from "./start-later.ts";

/** Facts about a connection that {@link RpcHost.accept} is given. */
export interface AcceptInfo {
  /** A name for the medium. Default `"transport"`. */
  readonly medium?: string | undefined;
  /** The client's address, by which `maxSessionsPerAddress` counts. Default: unknown. */
  readonly address?: string | undefined;
  /** The path and the query that the client asked for. Default: none. */
  readonly url?: string | undefined;
  /** The headers of the client's request. Default: none. */
  readonly headers?: RequestHeaders | undefined;
  /** Anything that `authorize` needs. Default: none. */
  readonly source?: unknown;
  /** Closes the medium with a code of its own. Default: the session ends, and says why. */
  readonly close?: CloseMedium | undefined;
}

const DEFAULT_DEADLINE = 30_000;
const SHUTTING_DOWN = "The server is shutting down.";

/**
 * All sessions of a server, over every transport. Every function that serves a medium takes a host
 * in place of a function that makes main objects.
 *
 * @typeParam C the context that `authorize` gives
 * @typeParam T the clients' main object
 *
 * @example
 * ```ts
 * const host = new RpcHost({
 *   async authorize({ headers }) {
 *     const user = await userOf(headers.get("authorization"));
 *     return user ? { context: user, identity: user.id } : { status: 401, reason: "Log in." };
 *   },
 *   createMain: (user, { client }) => new Api(user, client),
 * });
 * attachHost(host, http.createServer().listen(8080), { path: "/api" });
 * closeOnSignals(host);
 * ```
 */
export class RpcHost<C = any, T extends RpcCompatible<T> = any> implements SessionHost {
  readonly options: HostOptions<C, T>;
  readonly #reception: Reception;
  readonly #list: EntryList;
  /** The entries of the requests that were admitted. */
  readonly #entries = new WeakMap<SessionRequest, Entry>();
  readonly #resumption: Resumption | undefined;
  readonly #watchers = new Watchers();
  readonly #since = performance.now();
  #status: HostHealth["status"] = "ready";
  #drained: Promise<DrainReport> | undefined;

  /**
   * @param options those of all sessions, and the host's own
   * @throws TypeError for an unknown option, a wrong value, and options without `createMain`
   */
  constructor(options: NewHostOptions<C, T>) {
    checkOptions("new RpcHost()", options, HOST_RULES, outsideHost);
    resolveLimits(options.limits, "server");
    this.options = options;
    this.#reception = new Reception((received) => this.#createMain(received), options);
    const { resume, onError } = options;
    if (resume) this.#resumption = new Resumption(resume, onError);
    this.#list = new EntryList({
      opened: (entry) => this.#tell(() => options.onOpen?.(entry)),
      ended: (entry, reason) => this.#tell(() => options.onEnd?.(entry, reason)),
    });
  }

  /** The number of sessions, including those that are being opened. */
  get size(): number {
    return this.#reception.size;
  }

  /** The sessions and batches that aren't over, in the order of their admission. */
  get sessions(): Iterable<HostedSession<T>> {
    return this.#list.entries.values();
  }

  // For the functions that serve a medium.

  admit(
    request: SessionRequest,
    onOver: (leave: () => void) => void,
  ): Refusal | HostedAdmission | Promise<Refusal | HostedAdmission> {
    let isOver = false;
    const decision = this.#reception.admit(request, (leave) => {
      onOver(() => {
        isOver = true;
        leave();
        this.#disconnected(request);
      });
    });
    const listed = (decided: Refusal | ReceivedClient): Refusal | HostedAdmission =>
      decided.status !== undefined || isOver ? decided : this.#enter(request, decided);
    return decision instanceof Promise ? decision.then(listed) : listed(decision);
  }

  /**
   * Admits a client that was accepted before, and whose connection has outlived the memory of its
   * process. `authorize` doesn't run.
   *
   * @param accepted the facts that `authorize` gave
   */
  readmit(
    request: SessionRequest,
    accepted: Accepted,
    onOver: (leave: () => void) => void,
  ): Refusal | HostedAdmission {
    const decided = this.#reception.readmit(request, accepted, (leave) => {
      onOver(() => {
        leave();
        this.#disconnected(request);
      });
    });
    return decided.status !== undefined ? decided : this.#enter(request, decided);
  }

  /**
   * Holds a place among the sessions for a client whose connection has outlived the memory of its
   * process, and that has said nothing since.
   *
   * @returns gives the place back; `undefined` if there is none
   */
  hold(address: string | undefined): Leave | undefined {
    return this.#reception.hold(address);
  }

  #disconnected(request: SessionRequest): void {
    const entry = this.#entries.get(request);
    if (!entry || entry.isKept) return;
    // The session's own reason tells more. It comes within the same event, if at all.
    queueMicrotask(() => entry.end(new ConnectionOverError()));
  }

  refuse(error: Error & { readonly status: number }): Refusal {
    return this.#reception.refuse(error);
  }

  #enter(request: SessionRequest, admitted: ReceivedClient): HostedAdmission {
    const entry = this.#list.add(request, admitted.accepted);
    const counts = this.options.countTraffic ?? true;
    this.#entries.set(request, entry);
    return {
      accepted: admitted.accepted,
      serve: (transport, options, close, kept) => {
        entry.closeBy(close);
        const { closeReason } = entry;
        if (closeReason !== undefined) {
          refuseSession(transport, { status: 503, reason: closeReason }, options);
          return;
        }
        const own = entry.optionsOf(this.#watchers.watch(entry, options), counts);
        if (this.#resumption) {
          void this.#resumption.serve(entry, admitted, transport, own, close, kept);
        } else admitted.serve(transport, own, close);
      },
      exchange: (options, close) => {
        entry.closeBy(close);
        return entry.optionsOf(this.#watchers.watch(entry, options), counts);
      },
      createMain: () => admitted.createMain(),
    };
  }

  #createMain({ request, context, session }: ReceivedSession): unknown {
    const entry = this.#entries.get(request)!;
    return this.options.createMain(context as C, hostedClient<T>(entry, request, session));
  }

  #tell(callback: () => unknown): void {
    try {
      const told = callback();
      if (told instanceof Promise) told.catch((error) => this.#report(error));
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    reportError(error, "server", this.options.onError);
  }

  // For the application.

  /**
   * Accepts a connection over any transport, and starts its session. A refused client gets an error
   * with the code `"REFUSED"`, the status and the reason, as the end of its session.
   *
   * @param transport carries the messages; the host owns it
   * @returns a promise of the session, or of `undefined` if it was refused or is over. It never
   *   rejects
   *
   * @example
   * ```ts
   * onconnect = ({ ports: [port] }) => {
   *   void host.accept(new MessagePortTransport(port), { medium: "messageport" });
   * };
   * ```
   */
  async accept(transport: Transport, info: AcceptInfo = {}): Promise<HostedSession<T> | undefined> {
    const { medium = "transport", address, url = "", headers = NO_HEADERS, source } = info;
    const request: SessionRequest = { medium, address, url, headers, source };
    let leave = () => {};
    let isOver = false;
    try {
      const held = holdTransport(transport, () => {
        isOver = true;
        leave();
      });
      const decided = await this.admit(request, (over) => {
        leave = over;
      });
      if (isOver) return undefined;
      if (decided.status !== undefined) {
        leave();
        refuseSession(held, decided, this.options);
        return undefined;
      }
      const options: HostOptions<C, T> = {
        ...this.options,
        announce: this.options.announce ?? "reply",
      };
      const entry = this.#entries.get(request);
      const close: CloseMedium = (cause, reason) => {
        if (cause === "goingAway" && entry?.hasOpened) entry.endSession(reason);
        else held.abort(new Error(reason));
      };
      const closing = closingBy(info.close, close, (error) => this.#report(error));
      decided.serve(startLater(held), options, closing);
      return entry;
    } catch (error) {
      this.#report(error);
      leave();
      return undefined;
    }
  }

  /**
   * Calls the clients of all sessions. One client's failure, or its silence, concerns no other. A
   * client that doesn't read loses its session at `maxBufferedAmount`.
   *
   * @param call calls a client, and returns the promise of its answer. The broadcast awaits it, and
   *   disposes of the answer. A callback that returns nothing counts as answered at once: with
   *   braces, write `return`
   * @returns a promise of the outcome, once every client has answered, failed or run out of time.
   *   It never rejects
   * @throws TypeError for an unknown option, and for a wrong value
   *
   * @example
   * ```ts
   * const { failed } = await host.broadcast((client) => client.notify("We deploy at noon."));
   * ```
   */
  broadcast(
    call: (client: RpcStub<T>, session: HostedSession<T>) => unknown,
    options: BroadcastOptions = {},
  ): Promise<BroadcastReport> {
    checkOptions("broadcast()", options, BROADCAST_RULES);
    return broadcast(this.sessions, call, options);
  }

  /**
   * Has `watcher` look at the sessions that start from now on: their messages, their operations and
   * their ends. For tools beside the application, such as `@capnweb/inspector`.
   *
   * @returns a function that stops it. Sessions that have started go on to be watched
   *
   * @example
   * ```ts
   * const stop = host.watch(({ id }) => ({
   *   onMessage: (direction, message) => console.log(id, direction, message),
   * }));
   * ```
   */
  watch(watcher: SessionWatcher): () => void {
    return this.#watchers.add(watcher);
  }

  /**
   * Ends the host without a failed call, if its clients follow. It tells clients to open another
   * connection first, refuses new ones with 503, waits for calls under way, and closes each session
   * with 1001. A second call returns the promise of the first.
   *
   * @returns a promise of the outcome, once no session is left. It never rejects
   * @throws TypeError for an unknown option, and for a wrong value
   *
   * @example
   * ```ts
   * const { cutCalls } = await host.drain({ deadline: 20_000 });
   * server.close();
   * ```
   */
  drain(options: DrainOptions = {}): Promise<DrainReport> {
    checkOptions("drain()", options, DRAIN_RULES);
    this.#drained ??= this.#drain(options);
    return this.#drained;
  }

  /** Closes every session at once, even during a drain, and accepts no more. */
  close(): Promise<DrainReport> {
    const drained = this.drain({ deadline: 0 });
    this.#list.hurry();
    return drained;
  }

  async #drain({
    deadline = DEFAULT_DEADLINE,
    notice = 0,
    reason = SHUTTING_DOWN,
  }: DrainOptions): Promise<DrainReport> {
    const since = performance.now();
    this.#status = "draining";
    await this.#list.pause(notice);
    const { retryAfter = 1 } = this.options;
    this.#reception.close({ status: 503, reason, retryAfter });
    const detached = this.#resumption?.detached ?? 0;
    this.#resumption?.dispose();
    const outcome = await drainSessions(this.#list, deadline, reason);
    this.#status = "closed";
    return { ...outcome, detached, duration: performance.now() - since };
  }

  /** Returns the health of the host, for load balancers. */
  health(): HostHealth {
    return {
      status: this.#status,
      isReady: this.#status === "ready",
      sessions: this.#list.entries.size,
      detached: this.#resumption?.detached ?? 0,
      detachedBytes: this.#resumption?.detachedBytes ?? 0,
      uptime: performance.now() - this.#since,
    };
  }
}
