import EndWorker from "./end.worker.ts?worker&inline";
import { eventOf, type Level } from "./end-events.ts";
import { type Program, SIDES, type Side } from "./program.ts";
import { type ShownMessage, Traffic } from "./traffic.ts";

/** Milliseconds after which a program is stopped. */
export const TIME_LIMIT = 10_000;

/** Milliseconds in which a client that has run may still get messages. */
const LINGER = 500;

/** Most messages, and most lines of the consoles together. */
const MOST = 1_000;

/** The news of a run. */
export interface RunListener {
  line(side: Side, level: Level, text: string): void;
  message(message: ShownMessage): void;
  /** Called once. */
  over(reason: string): void;
}

/** A run of a program: each end in a worker, with the page between them. */
export class Run {
  readonly traffic = new Traffic();
  readonly #listener: RunListener;
  readonly #workers: Worker[] = [];
  readonly #timers: ReturnType<typeof setTimeout>[] = [];
  readonly #start = performance.now();
  #count = 0;
  #isOver = false;

  /** @param program compiled code */
  constructor(program: Program, listener: RunListener) {
    this.#listener = listener;
    const channels = { server: new MessageChannel(), client: new MessageChannel() };
    for (const side of SIDES) {
      const other = side === "server" ? "client" : "server";
      channels[side].port1.onmessage = ({ data }) => {
        if (this.#isOver) return;
        channels[other].port1.postMessage(data);
        this.#relayed(side, data);
      };
      this.#startEnd(side, program[side], channels[side].port2);
    }
    this.#after(TIME_LIMIT, `Stopped at the limit of ${TIME_LIMIT / 1_000} seconds`);
  }

  /** Ends both workers, whatever they do. */
  stop(reason = "Stopped"): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.traffic.close(`${reason}.`);
    for (const worker of this.#workers) worker.terminate();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#listener.over(reason);
  }

  #startEnd(side: Side, code: string, port: MessagePort): void {
    const worker = new EndWorker();
    this.#workers.push(worker);
    worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (this.#isOver) return;
      this.#counted();
      const event = eventOf(data);
      if (event.kind === "line") {
        this.#listener.line(side, event.level, event.text);
      } else if (side === "client") {
        const took = Math.round(performance.now() - this.#start);
        this.#after(LINGER, `Finished after ${took} ms`);
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#listener.line(side, "error", event.message || "The worker failed.");
    };
    worker.postMessage({ name: side, code, port }, [port]);
  }

  #relayed(from: Side, message: unknown): void {
    if (message === null) {
      this.traffic.close(`The ${from} ended the session.`);
      return;
    }
    this.#counted();
    for (const shown of this.traffic.take(from, message)) this.#listener.message(shown);
  }

  #counted(): void {
    if (++this.#count > MOST) this.stop(`Stopped after ${MOST} messages and lines`);
  }

  #after(milliseconds: number, reason: string): void {
    this.#timers.push(setTimeout(() => this.stop(reason), milliseconds));
  }
}
