import { once } from "node:events";
import { isIP, type Socket, connect as tcp } from "node:net";
import { connect as tls } from "node:tls";
import { CONTRACTS, type Contract } from "../contract.ts";
import { type Place, placeOf, type Target } from "../target.ts";
import { type Figures, noFigures, noteClosed } from "./figures.ts";
import { upgradeHead } from "./frames.ts";
import { HostileSession, type HostileSessionOptions } from "./hostile-session.ts";
import { type Answer, type PostOptions, post } from "./post.ts";

/** The sockets of one attack. They are closed when the attack's time is over. */
export class Attacker {
  readonly target: Target;
  readonly contract: Contract;
  /** Aborted when the attack's time is over. */
  readonly signal: AbortSignal;
  readonly figures: Figures = noFigures();

  constructor(target: Target, signal: AbortSignal) {
    this.target = target;
    this.signal = signal;
    this.contract = CONTRACTS[target.contract];
  }

  /**
   * The endpoint that sockets connect to: that of sessions if there is one, otherwise that of
   * batches.
   */
  get place(): Place {
    const { ws, wt, http, http2 } = this.target;
    return placeOf((ws ?? wt ?? http ?? http2)!);
  }

  /** Opens a session; `undefined` if the server refuses. */
  openSession(options?: HostileSessionOptions): Promise<HostileSession | undefined> {
    return HostileSession.open(this.target, this.figures, this.signal, options);
  }

  /**
   * Sends a batch.
   *
   * @returns the answer; `undefined` if there is none
   */
  post(body: string | Iterable<string>, options?: PostOptions): Promise<Answer | undefined> {
    return post(this.target, body, this.figures, this.signal, options);
  }

  /**
   * Opens a connection and sends nothing.
   *
   * @param protocols the protocols to offer in a TLS handshake (ALPN)
   * @returns `undefined` if the server refuses
   */
  async openSocket(
    { host, port, tls: isTls } = this.place,
    protocols?: string[],
  ): Promise<Socket | undefined> {
    const { localAddress } = this.target;
    const options = { host, port, ...(localAddress === undefined ? {} : { localAddress }) };
    const socket = isTls
      ? tls({ ...options, ...serverName(host), ...alpn(protocols), rejectUnauthorized: false })
      : tcp({ ...options, allowHalfOpen: false });
    let end = "ended";
    socket.on("error", (error) => {
      end = error.message;
    });
    socket.on("data", (data) => {
      this.figures.received += data.length;
    });
    const destroy = () => socket.destroy();
    this.signal.addEventListener("abort", destroy, { once: true });
    if (this.signal.aborted) destroy();
    try {
      await once(socket, isTls ? "secureConnect" : "connect", { signal: this.signal });
    } catch {
      if (!this.signal.aborted) this.figures.refused++;
      return undefined;
    }
    this.figures.opened++;
    let isNoted = false;
    const note = () => {
      if (!isNoted && !this.signal.aborted) noteClosed(this.figures, end);
      isNoted = true;
    };
    // The server's end comes first if the attacker still has data to send.
    socket.once("end", note);
    socket.once("close", () => {
      this.signal.removeEventListener("abort", destroy);
      note();
    });
    return socket;
  }

  /** Opens connections, 50 at a time, until there are `count`, one is refused, or time is over. */
  async openSockets(count: number): Promise<Socket[]> {
    const sockets: Socket[] = [];
    while (sockets.length < count && !this.signal.aborted) {
      const some = Array.from({ length: Math.min(50, count - sockets.length) }, () =>
        this.openSocket(),
      );
      const opened = (await Promise.all(some)).filter((socket) => socket !== undefined);
      if (opened.length === 0) break;
      sockets.push(...opened);
    }
    return sockets;
  }

  /**
   * Opens a WebSocket without a library at its end.
   *
   * @returns `undefined` if the server refuses
   */
  async openWebSocket(): Promise<Socket | undefined> {
    const socket = await this.openSocket();
    if (socket === undefined) return undefined;
    const answer = once(socket, "data", { signal: this.signal });
    socket.write(`${upgradeHead(this.place)}\r\n`);
    const [data] = await Promise.race([answer, once(socket, "close")]).catch(() => []);
    return String(data).startsWith("HTTP/1.1 101") ? socket : undefined;
  }

  /**
   * Writes for as long as `next` returns bytes, and no faster than the server reads them.
   *
   * @returns a promise that resolves when there are no more bytes, the connection is closed, or
   *   time is over
   */
  async pour(socket: Socket, next: () => Uint8Array | undefined): Promise<void> {
    while (!socket.destroyed && socket.writable && !this.signal.aborted) {
      const bytes = next();
      if (bytes === undefined) return;
      this.figures.sent += bytes.length;
      if (socket.write(bytes)) {
        // Gives timers a turn.
        await new Promise(setImmediate);
      } else {
        const drained = once(socket, "drain", { signal: this.signal });
        await Promise.race([drained, once(socket, "close")]).catch(() => {});
      }
    }
    // The socket reports its end itself, up to a turn later.
    if (!socket.closed && !this.signal.aborted) await this.wait(20);
  }

  /** Waits, but no longer than the attack's time. */
  async wait(milliseconds: number): Promise<void> {
    if (this.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.signal.addEventListener("abort", done);
    });
  }

  /** Waits until all connections are closed or time is over. */
  async untilClosed(sockets: readonly Socket[]): Promise<void> {
    while (!this.signal.aborted && sockets.some((socket) => !socket.destroyed)) await this.wait(50);
  }
}

/** TLS accepts only names here, not addresses. */
function serverName(host: string): { servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

function alpn(protocols: string[] | undefined): { ALPNProtocols?: string[] } {
  return protocols === undefined ? {} : { ALPNProtocols: protocols };
}
