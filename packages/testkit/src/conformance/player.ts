import type { Line, Side, Transcript } from "../transcript/transcript.ts";
import type { Connection } from "./connection.ts";
import type { Habit } from "./habits.ts";
import { Inbox } from "./inbox.ts";
import { Judge } from "./judge.ts";
import { isIntroduction } from "./messages.ts";
import { ClientProbe, Probe } from "./probe.ts";
import { type Probes, Releases } from "./releases.ts";
import type { ScenarioPlayer } from "./scenario.ts";
import { introductionsOf, isSessionLeft, isStreamCall } from "./scenario-facts.ts";
import { bodyIn, carrierOf, withoutPipe } from "./text-body.ts";

/** Settings of a {@link Player}. */
export interface PlayerOptions {
  /** Milliseconds that the peer has for a message. */
  readonly timeout: number;
  /** True if the peer must behave exactly as recorded, without habits of its own. */
  readonly isStrict?: boolean | undefined;
}

/**
 * Plays one side of a transcript with a live peer on the other side. Says each line as soon as the
 * peer has said the lines that it depends on, and checks the peer's lines.
 */
export class Player implements ScenarioPlayer {
  readonly inbox: Inbox;
  readonly #transcript: Transcript;
  readonly #side: Side;
  readonly #timeout: number;
  readonly #isStrict: boolean;
  readonly #judge: Judge;
  #lines: readonly Line[];
  /** The number of lines that the peer is known to have followed, or that we have said. */
  #checked = 0;
  readonly #releases: Releases;
  #probes: Probes = {};

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
    this.#releases = new Releases(this.inbox, timeout);
  }

  /** The peer's habits that made a difference; see {@link Habit}. */
  get habits(): Set<Habit> {
    return this.#judge.habits;
  }

  /** @throws ConformanceError if the peer deviates from its part */
  async play(medium: Connection): Promise<void> {
    const connection = this.#logged(medium);
    const introduced = introductionsOf(this.#lines, this.#side).length;
    if (this.#side === "server") {
      this.#probes = { client: new ClientProbe(this.inbox, connection, introduced) };
    } else if (isSessionLeft(this.#transcript)) {
      this.#probes = { server: new Probe(this.inbox, connection, introduced) };
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
    await medium.check?.(this.#timeout);
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
    await this.#probes.server?.ask();
    // A client may release everything that it still holds before it hangs up.
    this.inbox.checkEmpty(this.#side === "client");
  }

  async #finish(): Promise<void> {
    await this.#releases.check(this.#probes);
    this.inbox.checkEmpty();
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
      this.#releases.expect(own, count);
      return;
    }
    if (tag === "pipe" && (await this.#hasNoPipe())) return;
    for (;;) {
      const actual = await this.inbox.take(this.#judge.numbering.expected(expected));
      if (this.#judge.accepts(expected, actual)) break;
      const property = isIntroduction(expected) ? this.#judge.takeProperty(actual) : undefined;
      if (property === undefined) throw this.#judge.complaint(expected, actual);
      this.#releases.expect(property, 1);
    }
    if (isIntroduction(expected)) this.#judge.numbering.introduced();
  }

  /** True if the peer sends a body without the recorded pipe. Its lines then differ. */
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
