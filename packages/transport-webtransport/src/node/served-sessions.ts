import type { RpcSession } from "@capnweb/core";
import { Admission, checkAccess, type Leave, networkOf, serveSession } from "@capnweb/core/server";
import { CLOSE_CODES, closeInfo } from "../close-info.ts";
import { acceptStream } from "../open.ts";
import { servingOptions, transportOn } from "../session.ts";
import type { AcceptedWebTransportLike } from "../shapes.ts";
import { runAuthorize } from "./authorize.ts";
import { CLOSE_TIMEOUT } from "./close-timeout.ts";
import { lossAsRejection } from "./guard.ts";
import type { LibraryAnswer, LibraryRequest, LibrarySession } from "./library.ts";
import type { Served, ServedSession, ServeOptions, SessionRequest } from "./serve-options.ts";

/** Makes the main object of a session. */
export type CreateMain = (session: ServedSession, served: Served<any, any>) => unknown;

/** A request and its connection. */
export interface ReceivedRequest extends LibraryRequest {
  /** The client's address and port. */
  readonly peerAddress: string | undefined;
  /**
   * Calls back once the request, or its session, is over. Missing where the library doesn't tell.
   */
  readonly onClose?: ((callback: () => void) => void) | undefined;
}

/** The facts that a request leaves for its session. */
interface Accepted {
  readonly request: SessionRequest;
  readonly context: unknown;
  readonly leave: Leave;
}

/** A session, and the RPC session on it once the client has opened the stream. */
interface Entry {
  readonly session: AcceptedWebTransportLike;
  rpc: RpcSession<any> | undefined;
}

/** A server's sessions, from the request to the end. */
export class ServedSessions {
  readonly #options: ServeOptions & ReturnType<typeof servingOptions>;
  readonly #createMain: CreateMain;
  readonly #admission: Admission;
  readonly #entries = new Map<Entry, Promise<void>>();
  #isDraining = false;

  /** @throws TypeError for invalid options */
  constructor(options: ServeOptions, createMain: CreateMain) {
    this.#options = servingOptions(options);
    this.#createMain = createMain;
    this.#admission = new Admission(options);
  }

  get size(): number {
    return this.#entries.size;
  }

  get path(): string {
    return this.#options.path ?? "/";
  }

  // Requests.

  /** Answers a request. Never rejects, because its client would wait for ever. */
  async answer(received: ReceivedRequest): Promise<LibraryAnswer> {
    const { header: headers } = received;
    const url = String(headers[":path"]);
    // The library would also accept a WebSocket, for browsers without WebTransport.
    if (headers[":protocol"] === "websocket") return { status: 501 };
    if (pathOf(url) !== this.path) return { status: 404 };
    if (this.#isDraining) return { status: 503, reason: "The server is shutting down." };
    const refusal = checkAccess(accessHeaders(headers), this.#options);
    if (refusal !== undefined) return { status: refusal.status, reason: refusal.message };
    let leave: Leave;
    try {
      leave = this.#admission.enter(hostOf(received.peerAddress));
    } catch (error) {
      return { status: 503, reason: (error as Error).message };
    }
    received.onClose?.(leave);
    const request: SessionRequest = { url, headers };
    const answer = await runAuthorize(request, this.#options);
    if (answer.status !== undefined) {
      leave();
      return answer;
    }
    const accepted: Accepted = { request, context: answer.context, leave };
    return { status: 200, path: this.path, userData: accepted };
  }

  // Sessions.

  /** Takes an accepted session. */
  start(session: LibrarySession): void {
    const { leave } = session.userData as Accepted;
    const entry: Entry = { session: adopt(session), rpc: undefined };
    const closed = entry.session.closed.then(leave, leave) as Promise<void>;
    this.#entries.set(entry, closed);
    void closed.then(() => this.#entries.delete(entry));
    if (this.#isDraining) goAway(entry);
    else void this.#run(entry, session);
  }

  async #run(entry: Entry, session: LibrarySession): Promise<void> {
    const options = this.#options;
    try {
      void refuse(session.incomingUnidirectionalStreams, entry);
      const connection = await acceptStream(entry.session, options.openTimeout);
      void refuse(session.incomingBidirectionalStreams, entry);
      const { request, context } = session.userData as Accepted;
      const network = networkOf(hostOf(session.peerAddress));
      const served: ServedSession = { ...request, peerAddress: session.peerAddress };
      serveSession<any>(
        transportOn(connection, options),
        (rpc) => {
          entry.rpc = rpc;
          return this.#createMain(served, { client: rpc.getRemoteMain(), session: rpc, context });
        },
        { ...options, mainTimeout: options.openTimeout, network },
        (reason) => {
          entry.session.close(closeInfo(CLOSE_CODES.internalError, reason));
        },
      );
    } catch {
      // The client didn't open its stream, or left before it did.
    }
  }

  // The end.

  /**
   * Takes no more sessions, and ends each once it has answered its calls. Ends all once `timeout`
   * has passed.
   */
  async drain(timeout: number): Promise<void> {
    this.#isDraining = true;
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeout);
    });
    const ended = [...this.#entries].map(async ([entry, closed]) => {
      await endWhenIdle(entry);
      await closed;
    });
    await Promise.race([Promise.all(ended), expired]);
    clearTimeout(timer);
    const closed = [...this.#entries].map(([entry, each]) => {
      goAway(entry);
      return each;
    });
    await Promise.all(closed);
  }
}

async function endWhenIdle(entry: Entry): Promise<void> {
  if (entry.rpc === undefined) {
    goAway(entry);
    return;
  }
  // Rejects if the session ends meanwhile.
  await entry.rpc.drain().catch(() => {});
  entry.rpc.getRemoteMain()[Symbol.dispose]();
}

function goAway({ session }: Entry): void {
  session.close(closeInfo(CLOSE_CODES.goingAway, "The server is shutting down."));
}

/** Ends the session if its client opens a stream besides the session's one. */
async function refuse(streams: ReadableStream<unknown>, { session }: Entry): Promise<void> {
  try {
    const { done } = await streams.getReader().read();
    if (done) return;
  } catch {
    return;
  }
  const reason = "An RPC session has one stream, which its client opens. This is another.";
  session.close(closeInfo(CLOSE_CODES.protocolError, reason));
}

function adopt(session: LibrarySession): AcceptedWebTransportLike {
  const { ready, incomingBidirectionalStreams, objint: native } = session;
  return {
    ready,
    incomingBidirectionalStreams,
    closed: lossAsRejection(session.closed, () => native),
    close(info) {
      session.close(info);
      setTimeout(() => native?.stream?.destroy(), CLOSE_TIMEOUT).unref();
    },
  };
}

function accessHeaders(headers: LibraryRequest["header"]) {
  const origin = single(headers["origin"]);
  return {
    // The library's own client sends a host name here, which no browser does.
    origin: origin === "null" || origin?.includes("://") ? origin : undefined,
    host: single(headers[":authority"]) ?? single(headers["host"]),
    fetchSite: single(headers["sec-fetch-site"]),
  };
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** The address in a text of address and port. */
function hostOf(peer: string | undefined): string | undefined {
  return peer?.replace(/:\d+$/, "");
}

function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}
