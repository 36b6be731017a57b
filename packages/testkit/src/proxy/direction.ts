import type { Socket } from "node:net";
import type { ProxyCut } from "./cut.ts";
import { type MessagePlaces, WebSocketReader } from "./websocket-reader.ts";

/** Bytes that wait for their delay, above which no more are read. */
const MOST_WAITING = 1024 * 1024;

/** The events of a {@link Direction}. */
export interface DirectionEvents {
  /** Milliseconds that bytes are under way. */
  latency(): number;
  /** The place of a cut was reached. All bytes before it were handed to the kernel. */
  cut(cut: ProxyCut): void;
  /** More was forwarded. */
  progressed(): void;
}

/** One direction of a connection through the proxy: reads from a socket, and writes to another. */
export class Direction {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #events: DirectionEvents;
  readonly #reader = new WebSocketReader();
  /** Chunks that wait for their delay, or until the direction goes on; `undefined` for the end. */
  readonly #waiting: { readonly chunk: Buffer | undefined; readonly due: number }[] = [];
  #waitingBytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Bytes that were read but can't be forwarded yet: of an incomplete head, or after a stall. */
  #kept = Buffer.alloc(0);
  /** The number of bytes handed to the sink. */
  #sent = 0;
  /** The offsets of the ends of messages that aren't forwarded completely. */
  #ends: number[] = [];
  #cut: ProxyCut | undefined;
  /** The offset of the cut, once it is known. */
  #cutAt: number | undefined;
  #isStalled = false;
  #isOver = false;
  #isFull = false;
  /** The number of bytes forwarded. */
  bytes = 0;
  /** The number of WebSocket messages forwarded completely. */
  messages = 0;

  constructor(source: Socket, sink: Socket, events: DirectionEvents) {
    this.#source = source;
    this.#sink = sink;
    this.#events = events;
    source.on("data", (chunk) => this.#arrived(chunk));
    source.on("end", () => this.#arrived(undefined));
    sink.on("drain", () => {
      this.#isFull = false;
      this.#readOrNot();
    });
  }

  /** Cuts at a place that wasn't reached yet. */
  cutAt(cut: ProxyCut): void {
    this.#cut = cut;
    this.#cutAt = cut.afterBytes;
  }

  /** Forwards nothing more until {@link resume}. */
  stall(): void {
    this.#isStalled = true;
    this.#readOrNot();
  }

  /** Goes on after {@link stall}. */
  resume(): void {
    if (this.#isOver) return;
    this.#isStalled = false;
    this.#forward(Buffer.alloc(0));
    this.#deliver();
    this.#readOrNot();
  }

  /** Forwards nothing more for ever, and reads the rest away. */
  discard(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
    this.#source.resume();
  }

  /** Ends the stream for the reader, and reads the rest away. */
  end(): void {
    this.discard();
    this.#sink.end();
  }

  #arrived(chunk: Buffer | undefined): void {
    if (this.#isOver) return;
    this.#waiting.push({ chunk, due: performance.now() + this.#events.latency() });
    this.#waitingBytes += chunk?.length ?? 0;
    this.#deliver();
    this.#readOrNot();
  }

  #readOrNot(): void {
    if (this.#isOver) return;
    if (this.#isStalled || this.#isFull || this.#waitingBytes > MOST_WAITING) this.#source.pause();
    else this.#source.resume();
  }

  /** Forwards the chunks whose time has come. */
  #deliver(): void {
    clearTimeout(this.#timer);
    while (!this.#isStalled && !this.#isOver) {
      const next = this.#waiting[0];
      if (!next) return;
      const left = next.due - performance.now();
      if (left > 0) {
        this.#timer = setTimeout(() => {
          this.#deliver();
          this.#readOrNot();
        }, left);
        return;
      }
      this.#waiting.shift();
      this.#waitingBytes -= next.chunk?.length ?? 0;
      if (next.chunk) this.#forward(next.chunk);
      else this.end();
    }
  }

  #forward(chunk: Buffer): void {
    for (const places of this.#reader.read(chunk)) this.#found(places);
    const all = Buffer.concat([this.#kept, chunk]);
    const known = all.length - this.#reader.unknown;
    const isCut = this.#cutAt !== undefined && this.#sent + known >= this.#cutAt;
    const part = all.subarray(0, isCut ? Math.max(this.#cutAt! - this.#sent, 0) : known);
    this.#kept = all.subarray(part.length);
    this.#sent += part.length;
    const cut = isCut ? this.#takeCut() : undefined;
    this.#isFull = !this.#sink.write(part, (error) => {
      if (error) return;
      this.#written(part.length);
      if (cut) this.#events.cut(cut);
    });
  }

  #takeCut(): ProxyCut | undefined {
    const cut = this.#cut;
    this.#cut = undefined;
    this.#cutAt = undefined;
    // The event happens once the bytes before it have left.
    if (cut?.kind === "stall") this.#isStalled = true;
    else this.discard();
    return cut;
  }

  #found({ message, begin, middle, end }: MessagePlaces): void {
    if (end !== undefined) this.#ends.push(end);
    if (message !== this.#cut?.message || this.#cutAt !== undefined) return;
    const { at = "after" } = this.#cut;
    this.#cutAt = { before: begin, within: middle, after: end }[at];
  }

  #written(count: number): void {
    this.bytes += count;
    while (this.#ends.length > 0 && this.#ends[0]! <= this.bytes) {
      this.#ends.shift();
      this.messages++;
    }
    this.#events.progressed();
  }
}
