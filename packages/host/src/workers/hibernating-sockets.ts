import { admitRequest, pathAndQuery, refuseSession, reportError } from "@capnweb/core/server";
import type { HostedBatchOptions } from "@capnweb/transport-http";
import {
  closeReason,
  type SubprotocolOptions,
  subprotocolFor,
  type WebSocketOptions,
  WebSocketPushTransport,
} from "@capnweb/transport-ws";
import { addressInHeader } from "../fetch/client-address.ts";
import { routesOf } from "../fetch/routes.ts";
import type { HealthPaths } from "../health.ts";
import type { RpcHost } from "../host.ts";
import type { HostedAdmission } from "../hosted-admission.ts";
import { DispatchedSocket } from "./dispatched-socket.ts";
import { type KeptClient, keepClient, keptClient, keptRequest } from "./kept-client.ts";
import type { HibernatableState, HibernatableWebSocket, WebSocketPairClass } from "./shapes.ts";
import { SleepingSockets } from "./sleeping-sockets.ts";

/** Options of {@link HibernatingSockets}. */
export interface HibernatingOptions extends HealthPaths {
  /**
   * Options of the WebSockets. Timers of `keepAlive` and `idleTimeout` would prevent hibernation.
   */
  readonly webSocket?:
    | (Omit<WebSocketOptions, "keepAlive" | "idleTimeout"> & SubprotocolOptions)
    | undefined;
  /** Options of HTTP batches; `false` for none. */
  readonly http?: HostedBatchOptions | false | undefined;
  /** The client's address. Default: the header `CF-Connecting-IP`. */
  readonly addressOf?: ((request: Request) => string | undefined) | undefined;
}

/** The close codes of a server's causes (RFC 6455, 7.4.1). */
const CLOSE_CODES = { goingAway: 1001, failed: 1011 } as const;

/** A WebSocket in the memory of this object, and the end of its place among the sessions. */
interface Connection {
  readonly socket: DispatchedSocket;
  readonly leave: () => void;
}

/**
 * The WebSockets of a Durable Object that hibernates: the runtime may drop the object's memory
 * between two messages, while the connections stay. The next message starts the object anew. A
 * client with `resume` then learns that its session is gone, and starts a new one on the same
 * connection; `@capnweb/reconnect` derives its kept stubs again. The connection of any other client
 * is closed with 1012 ("service restart").
 *
 * The context and the identity of `authorize` are kept with the WebSocket, so the context must be
 * a value that can be cloned, of less than 1 KiB. `authorize` doesn't run again for a connection
 * that it has accepted; `createMain` does.
 *
 * @example
 * ```ts
 * export class Room extends DurableObject {
 *   readonly #sockets = new HibernatingSockets(
 *     this.ctx,
 *     new RpcHost({ createMain: () => new RoomApi(this.ctx.storage), resume: {} }),
 *   );
 *   fetch(request) {
 *     return this.#sockets.fetch(request);
 *   }
 *   webSocketMessage(socket, message) {
 *     this.#sockets.message(socket, message);
 *   }
 *   webSocketClose(socket, code, reason) {
 *     this.#sockets.close(socket, code, reason);
 *   }
 *   webSocketError(socket, error) {
 *     this.#sockets.error(socket, error);
 *   }
 * }
 * ```
 */
export class HibernatingSockets {
  readonly #state: HibernatableState;
  readonly #host: RpcHost<any, any>;
  readonly #options: HibernatingOptions;
  readonly #answer: (request: Request) => Promise<Response>;
  readonly #addressOf: (request: Request) => string | undefined;
  readonly #connections = new WeakMap<HibernatableWebSocket, Connection>();
  readonly #sleeping: SleepingSockets;

  /**
   * @param state the object's `ctx`
   * @param host decides on the requests, and makes the main objects. Give it the option `resume`
   */
  constructor(state: HibernatableState, host: RpcHost<any, any>, options: HibernatingOptions = {}) {
    const { addressOf = addressInHeader, webSocket: _, ...others } = options;
    this.#state = state;
    this.#host = host;
    this.#sleeping = new SleepingSockets(state, host);
    this.#options = options;
    this.#addressOf = addressOf;
    this.#answer = routesOf<[]>(host, (request) => this.#upgrade(request), {
      ...others,
      addressOf,
    });
  }

  /**
   * Answers a request: for a WebSocket, a batch, or the host's health.
   *
   * @returns 101 for a WebSocket; the status of a refusal; 404 for anything else
   */
  fetch(request: Request): Promise<Response> {
    this.#sleeping.count((socket) => this.#connections.has(socket));
    return this.#answer(request);
  }

  /** Hands in a message. The object's `webSocketMessage` calls it. */
  message(socket: HibernatableWebSocket, message: string | ArrayBuffer): void {
    this.#connectionOf(socket)?.socket.dispatch("message", { data: message });
  }

  /** Notes the end of a connection. The object's `webSocketClose` calls it. */
  close(socket: HibernatableWebSocket, code: number, reason: string): void {
    const connection = this.#connections.get(socket);
    this.#sleeping.end(socket);
    // The runtime may leave the answer to the close to its object.
    if (socket.readyState < 3) closeQuietly(socket, code, reason);
    connection?.socket.dispatch("close", { code, reason });
    connection?.leave();
  }

  /** Notes the failure of a connection. The object's `webSocketError` calls it. */
  error(socket: HibernatableWebSocket, error: unknown): void {
    const connection = this.#connections.get(socket);
    this.#sleeping.end(socket);
    connection?.socket.dispatch("error", { error });
    connection?.leave();
  }

  async #upgrade(request: Request): Promise<Response> {
    const address = this.#addressOf(request);
    const decision = await admitRequest(this.#host, "websocket", request, address);
    if (decision.response) return decision.response;
    const { decided, leave } = decision;
    const { WebSocketPair } = globalThis as unknown as { WebSocketPair: WebSocketPairClass };
    const { 0: client, 1: socket } = new WebSocketPair();
    this.#state.acceptWebSocket(socket);
    if (decided.status === undefined) {
      this.#serve(socket, decided, leave, {
        url: pathAndQuery(request.url),
        address,
        ...decided.accepted,
        attachment: { resumes: false },
      });
    } else {
      refuseSession(this.#connect(socket, leave), decided, this.#host.options);
    }
    const subprotocol = subprotocolFor(request, this.#options.webSocket ?? {});
    const headers = subprotocol && { headers: { "Sec-WebSocket-Protocol": subprotocol } };
    return new Response(null, { status: 101, webSocket: client, ...headers } as ResponseInit);
  }

  /** The connection of a WebSocket. It is made anew if the object's memory was dropped. */
  #connectionOf(socket: HibernatableWebSocket): Connection | undefined {
    const known = this.#connections.get(socket);
    if (known) return known;
    const kept = keptClient(socket);
    if (!kept) return undefined;
    this.#sleeping.end(socket);
    let leave = () => {};
    const decision = this.#host.readmit(keptRequest(kept, socket), kept, (over) => {
      leave = over;
    });
    if (decision.status !== undefined || !kept.attachment.resumes) {
      leave();
      closeQuietly(socket, 1012, "The server has restarted. Connect again.");
      return undefined;
    }
    return this.#serve(socket, decision, leave, kept);
  }

  #serve(
    socket: HibernatableWebSocket,
    admitted: HostedAdmission,
    leave: () => void,
    client: KeptClient,
  ): Connection {
    const { options } = this.#host;
    const own = { ...options, announce: options.announce ?? ("reply" as const) };
    const transport = this.#connect(socket, leave);
    const keep = (attachment: KeptClient["attachment"]) => {
      try {
        keepClient(socket, { ...client, attachment });
      } catch (error) {
        reportError(error, options.onError);
        closeQuietly(socket, 1011, "The server failed to keep the client's context.");
      }
    };
    const revived = client.attachment.resumes ? client.attachment : undefined;
    if (!revived) keep(client.attachment);
    admitted.serve(
      transport,
      own,
      (cause, reason) => closeQuietly(socket, CLOSE_CODES[cause], reason),
      { attachment: revived, keep },
    );
    return this.#connections.get(socket)!;
  }

  #connect(socket: HibernatableWebSocket, leave: () => void): WebSocketPushTransport {
    const connection = { socket: new DispatchedSocket(socket), leave };
    this.#connections.set(socket, connection);
    const { onError, onLimit } = this.#host.options;
    return new WebSocketPushTransport(connection.socket, {
      ...this.#options.webSocket,
      onError,
      onLimit,
    });
  }
}

/** Closes a WebSocket that may be closed, with a code that the peer may have made up. */
function closeQuietly(socket: HibernatableWebSocket, code: number, reason: string): void {
  try {
    socket.close(code === 1005 || code === 1006 ? 1000 : code, closeReason(reason));
  } catch {
    // It is closed already.
  }
}
