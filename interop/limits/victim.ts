import { type Limits, RpcSession, RpcTarget, type Transport } from "@capnweb/core";
import type { TransportReceiver } from "../../packages/core/src/transport.ts";

/** The application that is attacked: it keeps what it is given, and answers with it. */
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

/** A server's session in memory, whose peer says what it is told to. */
export class Victim {
  readonly session: RpcSession;
  /** The UTF-16 code units that the session has sent. */
  sent = 0;
  /** The reason of the session's end. */
  reason: unknown;
  /** The reason of a session that wasn't ended by a limit. */
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

  /** Has the session receive a message, and waits until nothing is left to do. */
  async say(text: string): Promise<void> {
    this.#receiver!.receive(text);
    for (let i = 0; i < 4; i++) await turn();
  }

  /** Has the session receive messages, and waits until they are handled, which takes many turns. */
  async sayAll(texts: readonly string[]): Promise<void> {
    for (let at = 0; at < texts.length && !this.reason; at += 1_000) {
      await this.say(texts.slice(at, at + 1_000).join("\n"));
    }
    // A call that hangs keeps the session from ever being drained.
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

/** Resolves when the event loop has had a turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Bytes of memory in use, buffers included, once garbage is collected. */
export function memory(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error("Run node with --expose-gc.");
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * Milliseconds since `start`: of the clock, or of the processor, because a busy machine gives less.
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

/** The longest time in milliseconds for which `work` keeps the event loop from a turn. */
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
