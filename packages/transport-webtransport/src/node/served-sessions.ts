import type { RpcSession } from "@capnweb/core";
import {
  type Admitted,
  checkAccess,
  type Leave,
  type Refusal,
  type SessionHost,
  type SessionRequest,
} from "@capnweb/core/server";
import { CLOSE_CODES, closeInfo } from "../close-info.ts";
import { acceptStream } from "../open.ts";
import { servingOptions, transportOn, type WebTransportSessionOptions } from "../session.ts";
import type { AcceptedWebTransportLike } from "../shapes.ts";
import { CLOSE_TIMEOUT } from "./close-timeout.ts";
import { lossAsRejection } from "./guard.ts";
import type { LibraryAnswer, LibraryRequest, LibrarySession } from "./library.ts";
import type { ListenOptions, ServedSession } from "./serve-options.ts";

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
  readonly admitted: Admitted;
  readonly source: Source;
  readonly leave: Leave;
}

/** A request, as the application knows it. */
interface Source extends ServedSession {
  peerAddress: string | undefined;
}

/** A session, and the RPC session on it once the client has opened the stream. */
interface Entry {
  readonly session: AcceptedWebTransportLike;
  rpc: RpcSession<any> | undefined;
}

/** A server's sessions, from the request to the end. */
export class ServedSessions {
  readonly #host: SessionHost;
  readonly #path: string;
  readonly #options: ReturnType<typeof servingOptions<WebTransportSessionOptions>>;
  readonly #entries = new Map<Entry, Promise<void>>();
  #isDraining = false;

  /**
   * @param host decides on the requests, and starts the sessions
   * @throws TypeError for invalid options
   */
  constructor(options: ListenOptions, host: SessionHost) {
    this.#path = options.path ?? "/";
    this.#options = servingOptions({ ...host.options, ...options });
    this.#host = host;
  }

  get size(): number {
    return this.#entries.size;
  }

  get path(): string {
    return this.#path;
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
    const refusal = checkAccess(accessHeaders(headers), this.#host.options);
    if (refusal !== undefined) return answerOf(this.#host.refuse(refusal));
    const source: Source = { url, headers, peerAddress: received.peerAddress };
    let leave: Leave = () => {};
    const decision = await this.#host.admit(requestOf(source), (over) => {
      leave = over;
      received.onClose?.(over);
    });
    if (decision.status !== undefined) {
      leave();
      return answerOf(decision);
    }
    const accepted: Accepted = { admitted: decision, source, leave };
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
      const { admitted, source } = session.userData as Accepted;
      source.peerAddress ??= session.peerAddress;
      const { onSession } = options;
      const own: WebTransportSessionOptions = {
        ...options,
        onSession(rpc) {
          entry.rpc = rpc as RpcSession<any>;
          onSession?.(rpc);
        },
      };
      admitted.serve(transportOn(connection, options), own, (cause, reason) => {
        entry.session.close(closeInfo(CODES[cause], reason));
      });
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

/** The close codes of a server's causes. */
const CODES = { goingAway: CLOSE_CODES.goingAway, failed: CLOSE_CODES.internalError } as const;

/** Describes a request to a host of sessions. */
function requestOf(source: Source): SessionRequest {
  const { url, headers } = source;
  return {
    medium: "webtransport",
    url,
    headers: {
      get(name) {
        const value = headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(", ") : value;
      },
    },
    // Over HTTP/3, it is known once there is a session.
    get address() {
      return hostOf(source.peerAddress);
    },
    source,
  };
}

function answerOf({ status, reason }: Refusal): LibraryAnswer {
  return reason === "" ? { status } : { status, reason };
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
