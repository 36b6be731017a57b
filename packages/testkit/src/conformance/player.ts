import type { Line, Side, Transcript } from "../transcript/transcript.ts";
import type { Connection } from "./connection.ts";
import { ConformanceError } from "./errors.ts";
import { Inbox, show } from "./inbox.ts";
import { matches } from "./match.ts";

/**
 * Plays one side of a transcript with a peer that plays the other side live: says each line as soon as
 * what it depends on has been said by the peer, and checks what the peer says.
 */
export class Player {
  readonly inbox: Inbox;
  readonly #transcript: Transcript;
  readonly #side: Side;
  /** How many lines of the transcript the peer is known to have kept to, and we have said. */
  #checked = 0;
  readonly #releases = new Map<number, number>();

  /** @param timeout milliseconds that the peer has for a message */
  constructor(transcript: Transcript, side: Side, timeout: number) {
    this.#transcript = transcript;
    this.#side = side;
    this.inbox = new Inbox(timeout);
  }

  /** @throws ConformanceError if the peer doesn't keep to its part */
  async play(connection: Connection): Promise<void> {
    const { lines } = this.#transcript;
    for (const line of lines) {
      if (line.from !== this.#side) continue;
      await this.#check(line.after);
      if (line.text === undefined) connection.close();
      else connection.send(line.text);
    }
    await this.checkAll();
  }

  /** Checks everything that the peer has to say. */
  async checkAll(): Promise<void> {
    await this.#check(this.#transcript.lines.length);
    for (const [id, count] of this.#releases) await this.inbox.released(id, count);
    this.inbox.checkEmpty();
  }

  async #check(count: number): Promise<void> {
    const { lines } = this.#transcript;
    for (; this.#checked < count; this.#checked++) {
      const line = lines[this.#checked]!;
      if (line.from !== this.#side) await this.#expect(line);
    }
  }

  async #expect({ text }: Line): Promise<void> {
    if (text === undefined) return this.inbox.hungUp();
    const expected = JSON.parse(text) as unknown[];
    if (expected[0] === "release") {
      // When to release is the peer's affair, if only it is done in the end.
      const [, id, count] = expected as [string, number, number];
      this.#releases.set(id, (this.#releases.get(id) ?? 0) + count);
      return;
    }
    const actual = await this.inbox.take(expected);
    if (!matches(expected, actual, this.#transcript)) {
      throw new ConformanceError(`expected ${show(expected)}, got ${show(actual)}`);
    }
  }
}
