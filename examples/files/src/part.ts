import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { FileError, refuse } from "./errors.ts";

/** The file that an upload is of. A client that comes back tells the same. */
export interface PartFacts {
  /** The steps to the folder. */
  readonly folder: readonly string[];
  readonly name: string;
  /** Bytes of the whole file. */
  readonly size: number;
  /** The time at which the client's file was changed, in milliseconds since 1970. */
  readonly modified: number;
}

/** An unfinished file on the disk. Its length is the number of bytes that have arrived. */
export class Part {
  readonly facts: PartFacts;
  readonly path: string;
  /** Ends the writer of the moment, and resolves when it has ended. */
  #stopWriter: () => Promise<void> = async () => {};
  #isOver = false;

  constructor(facts: PartFacts, path: string) {
    this.facts = facts;
    this.path = path;
  }

  /** The bytes that have arrived. */
  async received(): Promise<number> {
    return (await refuse(lstat(this.path))).size;
  }

  /**
   * Appends bytes. Reads no more of them than the disk takes.
   *
   * @param offset the place of the first byte: the bytes that have arrived
   * @param onProgress gets the bytes that have arrived, after each chunk
   * @throws FileError `OFFSET`, `BAD_SIZE`
   */
  async append(
    content: ReadableStream<unknown>,
    offset: number,
    signal: AbortSignal,
    onProgress: (received: number) => void,
  ): Promise<void> {
    // Never makes the file: its bytes wouldn't be reserved any more.
    await using file = await refuse(open(this.path, constants.O_WRONLY | constants.O_APPEND));
    let received = await this.received();
    if (received !== offset) {
      throw new FileError(
        "OFFSET",
        `${received} bytes have arrived, so go on there, not at ${offset}.`,
      );
    }
    const reader = content.getReader();
    const stop = () => void reader.cancel(signal.reason).catch(() => {});
    signal.addEventListener("abort", stop);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        signal.throwIfAborted();
        if (done) break;
        received += this.#check(value, received);
        await file.appendFile(value as Uint8Array);
        onProgress(received);
      }
      await file.sync();
    } finally {
      signal.removeEventListener("abort", stop);
      stop();
    }
  }

  /** A peer may send anything. */
  #check(chunk: unknown, received: number): number {
    const { size } = this.facts;
    if (!(chunk instanceof Uint8Array)) throw new TypeError("A file consists of bytes.");
    if (received + chunk.length <= size) return chunk.length;
    throw new FileError("BAD_SIZE", `More bytes arrive than the ${size} that the file has.`);
  }

  /**
   * Runs a writer alone: it takes the place of one that still waits for a client that is gone.
   *
   * @param write gets a signal, and stops when that aborts
   */
  async writeAlone(write: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#checkOpen();
    const stopLast = this.#stopWriter;
    const stopping = new AbortController();
    const written = stopLast().then(() => {
      stopping.signal.throwIfAborted();
      this.#checkOpen();
      return write(stopping.signal);
    });
    this.#stopWriter = async () => {
      stopping.abort(new Error("The upload was taken over or given up elsewhere."));
      await written.catch(() => {});
    };
    await written;
  }

  /** Refuses writers from now on. Those who began the upload may hold it for longer. */
  end(): void {
    this.#isOver = true;
  }

  #checkOpen(): void {
    if (this.#isOver) throw new FileError("NOT_FOUND", "The upload is over. Begin another one.");
  }

  /** Stops the writer, if there is one. */
  async stop(): Promise<void> {
    await this.#stopWriter();
  }
}
