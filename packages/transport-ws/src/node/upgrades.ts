import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  type Admitted,
  checkAccess,
  type Refusal,
  refuseSession,
  reportError,
  type SessionHost,
} from "@capnweb/core/server";
import type { WebSocket, WebSocketServer } from "ws";
import { CLOSE_CODES, closeFor } from "../close-for.ts";
import { maxPayloadOf, withServerDefaults } from "../server-options.ts";
import type { WebSocketSessionOptions } from "../session.ts";
import { chooseSubprotocol } from "../subprotocol.ts";
import type { UpgradeOptions } from "./options.ts";
import { limitPings } from "./ping-limit.ts";
import { refuse } from "./refuse.ts";
import { requestOf } from "./request.ts";
import { TurnTransport } from "./turn-transport.ts";
import { loadWs } from "./ws.ts";

/**
 * Milliseconds that a closing handshake may take. A peer that doesn't read would never finish it.
 */
const CLOSE_TIMEOUT = 5_000;

const CLOSED: Refusal = { status: 503, reason: "The server is shutting down." };

/** Takes requests for WebSockets from the checks to the session. */
export class Upgrades {
  readonly #host: SessionHost;
  readonly #options: UpgradeOptions & WebSocketSessionOptions;
  readonly #sockets: WebSocketServer;
  #isClosed = false;

  /**
   * @param host decides on the requests, and starts the sessions
   * @param options of the WebSockets, besides those of the host
   */
  constructor(host: SessionHost, options: UpgradeOptions) {
    this.#host = host;
    this.#options = withServerDefaults({ ...host.options, ...options });
    const settings = {
      noServer: true,
      maxPayload: options.maxPayload ?? maxPayloadOf(this.#options.limits),
      closeTimeout: CLOSE_TIMEOUT,
      handleProtocols: (offered: Set<string>) => chooseSubprotocol(offered, options) ?? false,
    };
    this.#sockets = new (loadWs().WebSocketServer)(settings);
  }

  /** Accepts a request for a WebSocket, or refuses it. Never rejects. */
  async take(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    // No other listener exists until the upgrade is done, and an unheard error ends the process.
    const onError = () => stream.destroy();
    stream.on("error", onError);
    try {
      const { decision, wasAsked } = await this.#decide(request, stream);
      if (stream.destroyed) return;
      const isRefused = decision.status !== undefined;
      if (isRefused && !(wasAsked && isOfPage(request))) {
        refuse(stream, decision);
        return;
      }
      stream.off("error", onError);
      this.#sockets.handleUpgrade(request, stream, head, (socket) => {
        limitPings(socket);
        const transport = this.#transportOn(socket, stream);
        if (isRefused) refuseSession(transport, decision, this.#options);
        else decision.serve(transport, this.#options, closeFor(socket));
      });
    } catch (error) {
      reportError(error, this.#options.onError);
      stream.destroy();
    }
  }

  /** Closes every connection, and refuses the requests that are still undecided. */
  close(): void {
    this.#isClosed = true;
    for (const socket of this.#sockets.clients) {
      socket.close(CLOSE_CODES.goingAway, "The server is shutting down.");
    }
  }

  async #decide(
    request: IncomingMessage,
    stream: Duplex,
  ): Promise<{ decision: Refusal | Admitted; wasAsked: boolean }> {
    const { headers } = request;
    const fetchSite = headers["sec-fetch-site"] as string | undefined;
    const { origin, host } = headers;
    const refusal = checkAccess({ origin, host, fetchSite }, this.#host.options);
    if (refusal) return { decision: this.#host.refuse(refusal), wasAsked: false };
    const { addressOf } = this.#options;
    const address = addressOf ? addressOf(request) : request.socket.remoteAddress;
    const decision = this.#host.admit(requestOf(request, address), (leave) => {
      stream.once("close", leave);
    });
    const decided = await decision;
    if (this.#isClosed) return { decision: CLOSED, wasAsked: false };
    return { decision: decided, wasAsked: decision instanceof Promise };
  }

  #transportOn(socket: WebSocket, stream: Duplex): TurnTransport {
    const transport = new TurnTransport(socket, stream, this.#options);
    // Tells the transport that the session itself announces the end of each turn, the first
    // included.
    transport.flush();
    return transport;
  }
}

/**
 * True for a request of a web page, which can't read the response that refuses a WebSocket. Its
 * WebSocket is accepted to tell it the reason.
 */
function isOfPage({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined;
}
