import { WebSocket } from "ws";
import type { Target } from "../target.ts";
import { type Figures, noteClosed } from "./figures.ts";

/** Options of a hostile session. */
export interface HostileSessionOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether it reads. Default `true`. */
  readonly reads?: boolean | undefined;
}

/** Bytes that may wait in the attacker's socket, which bounds the attacker's memory. */
const MOST_BUFFERED = 8_000_000;

/** A WebSocket on which anything can be sent, and that counts results as a session would. */
export class HostileSession {
  readonly #socket: WebSocket;
  readonly #figures: Figures;
  readonly #signal: AbortSignal;
  readonly #frames: boolean;
  readonly #listeners = new Set<(message: string) => void>();
  /** Results that the sent messages introduced. */
  #results = 0;

  /** Resolves when the connection is over, by either side. */
  readonly closed: Promise<void>;

  private constructor(
    socket: WebSocket,
    { frames }: Target,
    figures: Figures,
    signal: AbortSignal,
  ) {
    this.#socket = socket;
    this.#figures = figures;
    this.#signal = signal;
    this.#frames = frames;
    socket.on("message", (data, isBinary) => {
      const bytes = data as Buffer;
      figures.received += bytes.length;
      if (isBinary || this.#listeners.size === 0) return;
      for (const message of String(bytes).split("\n")) {
        for (const listener of this.#listeners) listener(message);
      }
    });
    this.closed = new Promise((resolve) => {
      socket.once("close", (code, reason) => {
        if (!signal.aborted) noteClosed(figures, `${code} ${reason}`.trim());
        resolve();
      });
    });
    signal.addEventListener("abort", () => socket.terminate(), { once: true });
  }

  /** Opens a session; `undefined` if the server refuses it, or time is over. */
  static open(
    target: Target,
    figures: Figures,
    signal: AbortSignal,
    { headers = {}, reads = true }: HostileSessionOptions = {},
  ): Promise<HostileSession | undefined> {
    const socket = new WebSocket(target.ws!, {
      headers,
      localAddress: target.localAddress,
      rejectUnauthorized: false,
      perMessageDeflate: false,
      maxPayload: 2 ** 30,
      skipUTF8Validation: true,
      handshakeTimeout: 10_000,
    });
    return new Promise((resolve) => {
      let refusal: string | undefined;
      const refused = () => {
        if (!signal.aborted) {
          if (refusal !== undefined) noteClosed(figures, refusal);
          figures.refused++;
        }
        resolve(undefined);
      };
      const onAbort = () => socket.terminate();
      signal.addEventListener("abort", onAbort, { once: true });
      if (signal.aborted) onAbort();
      socket.on("error", (error) => {
        refusal = error.message;
      });
      socket.once("close", refused);
      socket.once("open", () => {
        socket.off("close", refused);
        signal.removeEventListener("abort", onAbort);
        figures.opened++;
        if (!reads) socket.pause();
        resolve(new HostileSession(socket, target, figures, signal));
      });
    });
  }

  /** Whether the server still lets the session send. */
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN && !this.#signal.aborted;
  }

  /** The id of the latest result. */
  get results(): number {
    return this.#results;
  }

  /** Sends a text or a binary frame; waits while too much is on its way. */
  async send(message: string | Uint8Array): Promise<void> {
    if (typeof message !== "string") return await this.#sendFrame(message);
    this.#results += countResults(message);
    if (this.#frames || !message.includes("\n")) return await this.#sendFrame(message);
    for (const each of message.split("\n")) {
      if (!this.isOpen) return;
      await this.#sendFrame(each);
    }
  }

  async #sendFrame(frame: string | Uint8Array): Promise<void> {
    if (!this.isOpen) return;
    this.#figures.sent += frame.length;
    this.#socket.send(frame);
    await this.drained(MOST_BUFFERED);
  }

  /** Waits until no more than as many bytes wait in the attacker's socket. */
  async drained(bytes = 0): Promise<void> {
    while (this.#socket.bufferedAmount > bytes && this.isOpen) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Resolves with the first message that `matches`; `undefined` if the session ends before. */
  async message(matches: (message: string) => boolean): Promise<string | undefined> {
    let listener: ((message: string) => void) | undefined;
    const arrived = new Promise<string>((resolve) => {
      listener = (message) => matches(message) && resolve(message);
      this.#listeners.add(listener);
    });
    const message = await Promise.race([arrived, this.closed]);
    this.#listeners.delete(listener!);
    return message ?? undefined;
  }

  /** Has `listener` called with every message. */
  listen(listener: (message: string) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Pulls an expression's value.
   *
   * @returns the answer; `undefined` if the session ends before
   */
  async ask(expression: string): Promise<string | undefined> {
    const id = this.#results + 1;
    const answer = this.message((message) =>
      ["resolve", "reject"].some((tag) => message.startsWith(`["${tag}",${id},`)),
    );
    await this.send(`["push",${expression}]`);
    await this.send(`["pull",${id}]`);
    return await answer;
  }

  /** Closes the connection without a word. */
  terminate(): void {
    this.#socket.terminate();
  }
}

/** Results that a text's messages introduce. Most texts are one message, and long. */
function countResults(text: string): number {
  if (!text.includes("\n")) return /^\["(?:push|stream|pipe)"/.test(text) ? 1 : 0;
  return text.match(/^\["(?:push|stream|pipe)"/gm)?.length ?? 0;
}
