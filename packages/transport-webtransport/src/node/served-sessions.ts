import { RpcSession } from "@capnweb/core";
import { CLOSE_CODES, closeInfo } from "../close-info.ts";
import { acceptStream, DEFAULT_OPEN_TIMEOUT } from "../open.ts";
import { transportOn } from "../session.ts";
import type { AcceptedWebTransportLike } from "../shapes.ts";
import { CLOSE_TIMEOUT } from "./close-timeout.ts";
import { discard, lossAsRejection } from "./guard.ts";
import type { LibraryAnswer, LibraryRequest, LibrarySession } from "./library.ts";
import type { ServedSession, ServeOptions, SessionRequest } from "./serve-options.ts";

const DEFAULT_MAX_SESSIONS = 1_000;

/** Bytes that may wait for a client that doesn't read, besides the message that is sent last. */
const DEFAULT_MAX_BUFFERED_AMOUNT = 64 * 1024 * 1024;

/** A session, and the RPC session on it once its client has opened the stream. */
interface Entry {
  readonly session: AcceptedWebTransportLike;
  rpc: RpcSession<any> | undefined;
}

/** The sessions of a server, from the request to the end. */
export class ServedSessions {
  readonly #options: ServeOptions;
  readonly #createMain: (session: ServedSession) => unknown;
  readonly #entries = new Map<Entry, Promise<void>>();
  /** Requests that `authorize` thinks about. */
  #undecided = 0;
  #isDraining = false;

  constructor(options: ServeOptions, createMain: (session: ServedSession) => unknown) {
    this.#options = options;
    this.#createMain = createMain;
  }

  get size(): number {
    return this.#entries.size;
  }

  get path(): string {
    return this.#options.path ?? "/";
  }

  get maxSize(): number {
    return this.#options.maxSessions ?? DEFAULT_MAX_SESSIONS;
  }

  // Requests.

  /** Answers a request. Never rejects: its client would wait for ever. */
  async answer({ header: headers }: LibraryRequest): Promise<LibraryAnswer> {
    const url = String(headers[":path"]);
    // A WebSocket would do in place of WebTransport; the library offers that to browsers without.
    if (headers[":protocol"] === "websocket") return { status: 501 };
    if (pathOf(url) !== this.path) return { status: 404 };
    if (this.#isDraining || this.size + this.#undecided >= this.maxSize) return { status: 503 };
    const request: SessionRequest = { url, headers };
    this.#undecided++;
    const status = await this.#statusFor(request);
    this.#undecided--;
    if (status !== 200) return { status };
    return { status, path: this.path, userData: request };
  }

  async #statusFor(request: SessionRequest): Promise<number> {
    try {
      const decision = (await this.#options.authorize?.(request)) ?? true;
      if (typeof decision !== "number") return decision ? 200 : 403;
      if (Number.isInteger(decision) && decision >= 400 && decision < 600) return decision;
      throw new RangeError(`authorize refused with ${decision}: use a status from 400 to 599.`);
    } catch (error) {
      this.#report(error);
      return 500;
    }
  }

  // Sessions.

  /** Takes a session that was accepted. */
  start(session: LibrarySession): void {
    const entry: Entry = { session: adopt(session), rpc: undefined };
    const closed = entry.session.closed.then(
      () => {},
      () => {},
    ) as Promise<void>;
    this.#entries.set(entry, closed);
    void closed.then(() => this.#entries.delete(entry));
    void discard(session.datagrams.readable);
    if (this.#isDraining) goAway(entry);
    else if (this.size > this.maxSize) {
      entry.session.close(closeInfo(CLOSE_CODES.tryAgainLater, "The server has no room."));
    } else {
      void this.#run(entry, session);
    }
  }

  async #run(entry: Entry, session: LibrarySession): Promise<void> {
    const timeout = this.#options.openTimeout ?? DEFAULT_OPEN_TIMEOUT;
    let main: unknown;
    try {
      void refuse(session.incomingUnidirectionalStreams, entry);
      const connection = await acceptStream(entry.session, timeout);
      void refuse(session.incomingBidirectionalStreams, entry);
      const { url, headers } = session.userData as SessionRequest;
      try {
        main = this.#createMain({ url, headers, peerAddress: session.peerAddress });
      } catch (error) {
        this.#report(error);
        const reason = "The server failed to start the session.";
        entry.session.close(closeInfo(CLOSE_CODES.internalError, reason));
        return;
      }
      const transport = transportOn(connection, {
        ...this.#options,
        maxBufferedAmount: this.#options.maxBufferedAmount ?? DEFAULT_MAX_BUFFERED_AMOUNT,
        firstBytesTimeout: this.#options.firstBytesTimeout ?? timeout,
      });
      entry.rpc = new RpcSession(transport, main, this.#options);
    } catch {
      // The client didn't open its stream, or went before it did.
    }
  }

  #report(error: unknown): void {
    const { onError = console.error } = this.#options;
    try {
      onError(error);
    } catch (failure) {
      console.error(failure);
    }
  }

  // The end.

  /** Takes no more sessions, and ends each once it has answered its calls; all when `timeout` is over. */
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

/** Ends the session if its client opens a stream besides the one that a session has. */
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

function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}
