import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { RpcCompatible } from "@capnweb/core";
import {
  Admission,
  checkAccess,
  networkOf,
  RefusalLog,
  reportError,
  serveSession,
} from "@capnweb/core/server";
import type { WebSocket, WebSocketServer } from "ws";
import { WebSocketPushTransport } from "../push-transport.ts";
import { maxPayloadOf, withServerDefaults } from "../server-options.ts";
import { runAuthorize } from "./authorize.ts";
import { nodeFailure } from "./failure.ts";
import type { AttachOptions, ServedRequest } from "./options.ts";
import { limitPings } from "./ping-limit.ts";
import { type Refusal, refuse } from "./refuse.ts";
import { loadWs } from "./ws.ts";

const DEFAULT_AUTHORIZE_TIMEOUT = 10_000;
const DEFAULT_OPEN_TIMEOUT = 30_000;
/**
 * Milliseconds that a closing handshake may take. A peer that doesn't read would never finish it.
 */
const CLOSE_TIMEOUT = 5_000;

/** Takes requests for WebSockets from the checks to the session. */
export class Upgrades<T extends RpcCompatible<T>, C> {
  readonly #createMain: (request: IncomingMessage, served: ServedRequest<T, C>) => unknown;
  readonly #options: AttachOptions<C>;
  readonly #openTimeout: number;
  readonly #admission: Admission;
  readonly #refusals: RefusalLog;
  /** The networks of the clients whose requests were admitted. */
  readonly #networks = new WeakMap<IncomingMessage, string>();
  readonly #sockets: WebSocketServer;
  #isClosed = false;

  constructor(
    createMain: (request: IncomingMessage, served: ServedRequest<T, C>) => unknown,
    options: AttachOptions<C>,
  ) {
    this.#createMain = createMain;
    this.#options = withServerDefaults(options);
    this.#openTimeout = options.openTimeout ?? DEFAULT_OPEN_TIMEOUT;
    this.#admission = new Admission(options);
    this.#refusals = new RefusalLog(options.onError);
    const settings = {
      noServer: true,
      maxPayload: options.maxPayload ?? maxPayloadOf(this.#options.limits),
      closeTimeout: CLOSE_TIMEOUT,
    };
    this.#sockets = new (loadWs().WebSocketServer)(settings);
  }

  /** The number of sessions, including those that are being opened. */
  get size(): number {
    return this.#admission.size;
  }

  /** Accepts a request for a WebSocket, or refuses it. Never rejects. */
  async take(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    // No other listener exists until the upgrade is done, and an unheard error ends the process.
    const onError = () => stream.destroy();
    stream.on("error", onError);
    const since = performance.now();
    try {
      const { refusal, context } = await this.#decide(request, stream);
      if (stream.destroyed) return;
      if (refusal) {
        refuse(stream, refusal);
        return;
      }
      stream.off("error", onError);
      this.#sockets.handleUpgrade(request, stream, head, (socket) => {
        limitPings(socket);
        const left = this.#openTimeout - (performance.now() - since);
        this.#start(socket, request, context as C, Math.max(Math.round(left), 0));
      });
    } catch (error) {
      reportError(error, this.#options.onError);
      stream.destroy();
    }
  }

  /** Closes every connection, and refuses the requests that are still undecided. */
  close(): void {
    this.#isClosed = true;
    for (const socket of this.#sockets.clients) socket.close(1001, "The server is shutting down.");
  }

  async #decide(
    request: IncomingMessage,
    stream: Duplex,
  ): Promise<{ refusal?: Refusal | undefined; context?: unknown }> {
    const refusal = this.#admit(request, stream);
    if (refusal) return { refusal };
    const { authorize, authorizeTimeout = DEFAULT_AUTHORIZE_TIMEOUT, onError } = this.#options;
    if (!authorize) return {};
    const timeout = Math.min(authorizeTimeout, this.#openTimeout);
    const outcome = await runAuthorize(authorize, request, timeout, onError);
    if (!this.#isClosed) return outcome;
    return { refusal: { status: 503, reason: "The server is shutting down." } };
  }

  /** Makes every check that needs no code of the application, and takes a place for the session. */
  #admit(request: IncomingMessage, stream: Duplex): Refusal | undefined {
    const { headers, socket } = request;
    const { origins, hosts, addressOf } = this.#options;
    const fetchSite = headers["sec-fetch-site"] as string | undefined;
    const { origin, host } = headers;
    const refusal = checkAccess({ origin, host, fetchSite }, { origins, hosts });
    if (refusal) return this.#refused(refusal);
    const address = addressOf ? addressOf(request) : socket.remoteAddress;
    try {
      stream.once("close", this.#admission.enter(address));
      if (address !== undefined) this.#networks.set(request, networkOf(address));
    } catch (error) {
      return this.#refused(error as Error & { status: number });
    }
    return undefined;
  }

  #refused(refusal: Error & { readonly status: number }): Refusal {
    this.#refusals.report(refusal);
    return { status: refusal.status, reason: refusal.message };
  }

  #start(socket: WebSocket, request: IncomingMessage, context: C, mainTimeout: number): void {
    const options = { ...this.#options, mainTimeout, network: this.#networks.get(request) };
    const transport = new WebSocketPushTransport(socket, options, nodeFailure);
    // Tells the transport that the session itself announces the end of each turn, the first
    // included.
    transport.flush();
    serveSession<T>(
      transport,
      (session) =>
        this.#createMain(request, {
          session,
          context,
          get client() {
            return session.getRemoteMain();
          },
        }),
      options,
      (reason) => socket.close(1011, reason),
    );
  }
}
