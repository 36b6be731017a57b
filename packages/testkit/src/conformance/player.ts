import type { Line, Side, Transcript } from "../transcript/transcript.ts";
import type { Connection } from "./connection.ts";
import { ConformanceError } from "./errors.ts";
import type { Habit } from "./habits.ts";
import { Inbox } from "./inbox.ts";
import { Judge } from "./judge.ts";
import { isIntroduction } from "./messages.ts";
import { Probe } from "./probe.ts";
import { introductionsOf, isSessionLeft, isStreamCall } from "./scenario-facts.ts";
import { bodyIn, carrierOf, withoutPipe } from "./text-body.ts";

/** Settings of a {@link Player}. */
export interface PlayerOptions {
  /** Milliseconds that the peer has for a message. */
  readonly timeout: number;
  /** Whether the peer must behave exactly as recorded, without habits of its own. */
  readonly isStrict?: boolean | undefined;
}

/**
 * Plays one side of a transcript with a live peer on the other side. Says each line as soon as the
 * peer has said the lines that it depends on, and checks the peer's lines.
 */
export class Player {
  readonly inbox: Inbox;
  readonly #transcript: Transcript;
  readonly #side: Side;
  readonly #timeout: number;
  readonly #isStrict: boolean;
  readonly #judge: Judge;
  #lines: readonly Line[];
  /** The number of lines that the peer is known to have followed, or that we have said. */
  #checked = 0;
  /** References that the peer has to release, by its own ids. */
  readonly #releases = new Map<number, number>();
  #probe: Probe | undefined;

  constructor(transcript: Transcript, side: Side, { timeout, isStrict = false }: PlayerOptions) {
    this.#transcript = transcript;
    this.#side = side;
    this.#timeout = timeout;
    this.#isStrict = isStrict;
    this.#lines = transcript.lines;
    this.#judge = new Judge({
      ownWording: transcript.ownWording,
      isStrict,
      isStreamCall: (id) => isStreamCall(transcript.lines, side, id),
    });
    this.inbox = new Inbox(timeout);
  }

  /** The peer's habits that made a difference; see {@link Habit}. */
  get habits(): Set<Habit> {
    return this.#judge.habits;
  }

  /** @throws ConformanceError if the peer deviates from its part */
  async play(medium: Connection): Promise<void> {
    const connection = this.#logged(medium);
    if (this.#side === "client" && isSessionLeft(this.#transcript)) {
      const introduced = introductionsOf(this.#lines, "client").length;
      this.#probe = new Probe(this.inbox, connection, introduced);
    }
    for (let said = 0; ; ) {
      const lines = this.#lines;
      const line = lines.filter(({ from }) => from === this.#side)[said];
      await this.#check(line?.after ?? lines.length);
      if (lines !== this.#lines) continue;
      if (line === undefined) break;
      if (line.text === undefined) connection.close();
      else for (const text of this.#judge.numbering.toPeer(line.text)) connection.send(text);
      said++;
    }
    await this.#finish();
  }

  #logged({ send, close }: Connection): Connection {
    return {
      send: (text) => {
        this.inbox.said(text);
        send(text);
      },
      close,
    };
  }

  /** Checks all of the peer's lines. */
  async checkAll(): Promise<void> {
    let lines: readonly Line[];
    do {
      lines = this.#lines;
      await this.#check(lines.length);
    } while (lines !== this.#lines);
    await this.#finish();
  }

  /**
   * Listens for a while after the scenario. Nothing else may come, and a server must still answer.
   *
   * @param time milliseconds
   * @throws ConformanceError if something comes
   */
  async linger(time: number): Promise<void> {
    await this.inbox.wait(() => this.inbox.isClosed, time);
    await this.#probe?.ask();
    // A client may release everything that it still holds before it hangs up.
    this.inbox.checkEmpty(this.#side === "client");
  }

  async #finish(): Promise<void> {
    const due = performance.now() + this.#timeout / 10;
    for (const [id, count] of this.#releases) await this.#released(id, count, due);
    this.inbox.checkEmpty();
  }

  /**
   * Waits for releases. A peer that hung up has released all, and a server that answers calls has
   * had the time to release.
   */
  async #released(id: number, count: number, due: number): Promise<void> {
    const got = () => this.inbox.released(id);
    const isDone = () => got() >= count || this.inbox.isClosed;
    const complain = () => `expected ["release",${id},${count}], got ${got()} so far`;
    if (this.#probe === undefined) await this.inbox.until(isDone, complain);
    while (!isDone()) {
      await this.#probe!.ask();
      if (isDone()) break;
      if (performance.now() >= due) {
        throw new ConformanceError(`${complain()}, though a later call was answered`);
      }
      await this.inbox.wait(isDone, Math.max(1, (due - performance.now()) / 2));
    }
    if (got() > count) throw new ConformanceError(`released ${id} ${got()} times, not ${count}`);
    this.inbox.takeReleased(id);
  }

  /** Checks the peer's lines up to `count`. Stops if the peer turns out to follow other lines. */
  async #check(count: number): Promise<void> {
    const lines = this.#lines;
    while (this.#checked < count) {
      const line = lines[this.#checked]!;
      if (line.from !== this.#side) {
        await this.#expect(line);
        if (lines !== this.#lines) return;
      }
      this.#checked++;
    }
  }

  async #expect({ text }: Line): Promise<void> {
    if (text === undefined) return this.inbox.hungUp();
    const expected = JSON.parse(text) as unknown[];
    const [tag, id, count] = expected as [string, number, number];
    if (tag === "release") {
      // The peer may release at any time before the end.
      const own = id > 0 ? this.#judge.numbering.ownImport(id) : id;
      this.#releases.set(own, (this.#releases.get(own) ?? 0) + count);
      return;
    }
    if (tag === "pipe" && (await this.#hasNoPipe())) return;
    for (;;) {
      const actual = await this.inbox.take(this.#judge.numbering.expected(expected));
      if (this.#judge.accepts(expected, actual)) break;
      const property = isIntroduction(expected) ? this.#judge.takeProperty(actual) : undefined;
      if (property === undefined) throw this.#judge.complaint(expected, actual);
      this.#releases.set(property, 1);
    }
    if (isIntroduction(expected)) this.#judge.numbering.introduced();
  }

  /** Whether the peer sends a body without the recorded pipe. Its lines then differ. */
  async #hasNoPipe(): Promise<boolean> {
    const { numbering } = this.#judge;
    const pipe = numbering.recorded + 1;
    const side = this.#side === "client" ? "server" : "client";
    const carrier = carrierOf(this.#lines, this.#checked, side, pipe);
    if (this.#isStrict || carrier === undefined) return false;
    const head = numbering.expected(carrier);
    await this.inbox.takeable([["pipe"], head]);
    if (this.inbox.peek(["pipe"])?.[0] === "pipe") return false;
    const body = bodyIn(this.inbox.peek(head));
    if (body === undefined) return false;
    const { lines, imports } = withoutPipe(this.#lines, this.#checked, side, pipe, body);
    this.#lines = lines;
    numbering.leaveOut(imports);
    this.habits.add("body as text");
    return true;
  }
}
