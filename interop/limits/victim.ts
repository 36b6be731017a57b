import { type Limits, RpcSession, RpcTarget, type Transport } from "@capnweb/core";
import type { TransportReceiver } from "../../packages/core/src/transport.ts";

/** The application under attack. It keeps its arguments and answers with them. */
export class Application extends RpcTarget {
  readonly #kept: unknown[] = [];
  echo(value: unknown) {
    return value;
  }
  async later(value: unknown) {
    return value;
  }
  keep(value: { dup?(): unknown }) {
    this.#kept.push(value?.dup?.() ?? value);
  }
  size() {
    return 1;
  }
  hang() {
    return new Promise(() => {});
  }
  read(stream: ReadableStream) {
    this.#kept.push(stream.getReader());
  }
}

/** A server's session in memory, with a scripted peer. */
export class Victim {
  readonly session: RpcSession;
  /** UTF-16 code units that the session has sent. */
  sent = 0;
  /** The reason for the session's end; `undefined` while it lives. */
  reason: unknown;
  /** The reason for the end of a session that no limit ended. */
  readonly ended = new Error("The measurement is over.");
  #receiver: TransportReceiver | undefined;

  constructor(limits: "server" | Partial<Limits> = "server") {
    const transport: Transport = {
      start: (receiver) => {
        this.#receiver = receiver;
      },
      send: (message) => {
        this.sent += (message as string).length;
      },
      abort: (reason) => {
        this.reason = reason;
      },
    };
    this.session = new RpcSession(transport, new Application(), {
      announce: "reply",
      limits,
    });
  }

  /** Makes the session receive a message, and waits until all work is done. */
  async say(text: string): Promise<void> {
    this.#receiver!.receive(text);
    for (let i = 0; i < 4; i++) await turn();
  }

  /** Makes the session receive messages, and waits many turns until they are handled. */
  async sayAll(texts: readonly string[]): Promise<void> {
    for (let at = 0; at < texts.length && !this.reason; at += 1_000) {
      await this.say(texts.slice(at, at + 1_000).join("\n"));
    }
    // With a call that hangs, the session would never be drained.
    for (let idle = 0; idle < 20; idle++) {
      const start = performance.now();
      await turn();
      if (performance.now() - start > 1) idle = 0;
    }
  }

  end(): void {
    this.#receiver!.close(this.ended);
  }
}

/** Resolves after a turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Bytes of memory in use after garbage collection, buffers included. */
export function memory(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error("Run node with --expose-gc.");
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * Milliseconds since `start`: the clock's or the processor's, whichever is less, because a busy
 * machine delays the clock only.
 */
export function since(start: Instant): number {
  const { user, system } = process.cpuUsage(start.processor);
  return Math.min(performance.now() - start.clock, (user + system) / 1_000);
}

export interface Instant {
  readonly clock: number;
  readonly processor: NodeJS.CpuUsage;
}

export const now = (): Instant => ({ clock: performance.now(), processor: process.cpuUsage() });

/** The longest time for which `work` blocks the event loop, in milliseconds. */
export async function longestTurn(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = now();
  let isOver = false;
  const look = () => {
    longest = Math.max(longest, since(last));
    last = now();
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await turn();
  longest = 0;
  last = now();
  await work();
  await turn();
  isOver = true;
  return longest;
}
