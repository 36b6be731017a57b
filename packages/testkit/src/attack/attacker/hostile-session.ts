import { splitLines } from "@capnweb/wire";
import { type Connection, Native, type Sendable } from "../media/connection.ts";
import { openConnection } from "../media/open.ts";
import type { Target } from "../target.ts";
import { type Figures, noteClosed } from "./figures.ts";

/** Options of a hostile session. */
export interface HostileSessionOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** True if the session reads answers. Default `true`. */
  readonly reads?: boolean | undefined;
}

/** Bytes that may wait in the attacker's connection. The limit bounds the attacker's memory. */
const MOST_BUFFERED = 8_000_000;

/** A connection that can send anything, and that counts results as a session would. */
export class HostileSession {
  readonly #figures: Figures;
  readonly #signal: AbortSignal;
  readonly #frames: boolean;
  readonly #listeners = new Set<(message: string) => void>();
  #connection: Connection | undefined;
  /** The number of results that the sent messages introduced. */
  #results = 0;
  #onClosed!: () => void;

  /** Resolves when either side has ended the connection. */
  readonly closed = new Promise<void>((resolve) => {
    this.#onClosed = resolve;
  });

  private constructor({ frames }: Target, figures: Figures, signal: AbortSignal) {
    this.#figures = figures;
    this.#signal = signal;
    this.#frames = frames;
  }

  /**
   * Opens a session.
   *
   * @returns `undefined` if the server refuses it, or time is over
   */
  static async open(
    target: Target,
    figures: Figures,
    signal: AbortSignal,
    options: HostileSessionOptions = {},
  ): Promise<HostileSession | undefined> {
    const session = new HostileSession(target, figures, signal);
    const events = {
      message: (text: string | undefined, bytes: number) => session.#received(text, bytes),
      closed: (way: string) => {
        if (!signal.aborted) noteClosed(figures, way);
        session.#onClosed();
      },
    };
    try {
      session.#connection = await openConnection(target, events, { ...options, signal });
    } catch (error) {
      if (!signal.aborted) {
        noteClosed(figures, (error as Error).message);
        figures.refused++;
      }
      return undefined;
    }
    figures.opened++;
    return session;
  }

  #received(text: string | undefined, bytes: number): void {
    this.#figures.received += bytes;
    if (text === undefined || this.#listeners.size === 0) return;
    for (const message of splitLines(text)) {
      for (const listener of this.#listeners) listener(message);
    }
  }

  /** True if the server still accepts messages from the session. */
  get isOpen(): boolean {
    return this.#connection!.isOpen && !this.#signal.aborted;
  }

  /** The id of the latest result. */
  get results(): number {
    return this.#results;
  }

  /** Sends a text, a binary frame or a clone. Waits while too many bytes are in flight. */
  async send(message: Sendable): Promise<void> {
    if (typeof message !== "string") return await this.#sendFrame(message);
    this.#results += countResults(message);
    if (this.#frames || !message.includes("\n")) return await this.#sendFrame(message);
    for (const each of message.split("\n")) {
      if (!this.isOpen) return;
      await this.#sendFrame(each);
    }
  }

  async #sendFrame(frame: Sendable): Promise<void> {
    if (!this.isOpen) return;
    if (!(frame instanceof Native)) this.#figures.sent += frame.length;
    this.#connection!.send(frame);
    await this.drained(MOST_BUFFERED);
  }

  /** Waits until at most `bytes` bytes wait in the attacker's connection. */
  async drained(bytes = 0): Promise<void> {
    while (this.#connection!.bufferedAmount > bytes && this.isOpen) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /**
   * Resolves with the first message that `matches`; with `undefined` if the session ends before.
   */
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

  /** Calls `listener` with every message. */
  listen(listener: (message: string) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Pulls the value of an expression.
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

  /** Closes the connection without a close frame or message. */
  terminate(): void {
    this.#connection!.terminate();
  }
}

/** The number of results that a text's messages introduce. Most texts are one long message. */
function countResults(text: string): number {
  if (!text.includes("\n")) return /^\["(?:push|stream|pipe)"/.test(text) ? 1 : 0;
  return text.match(/^\["(?:push|stream|pipe)"/gm)?.length ?? 0;
}
