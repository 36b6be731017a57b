import { ConformanceError } from "../errors.ts";
import type { Performer, Scenario, Stage } from "../scenario.ts";
import { forClients, forServers } from "./make.ts";

/** Bytes of chunks that a writer may send at most before the first one is answered. */
const MOST_AHEAD = 2 * 1024 * 1024;
/** Milliseconds without messages after which a writer is waiting. */
const QUIET = 200;

/** A reader that reads nothing until the writer waits. */
class StalledReader {
  readonly #stage: Stage;
  /** The ids of the writes that aren't answered. */
  readonly #pending: number[] = [];
  #introduced = 0;
  #ahead = 0;
  #isStalled = true;
  #heard = 0;
  /** True once the writer has closed the stream. */
  isClosed = false;

  constructor(stage: Stage) {
    this.#stage = stage;
    stage.intercept((message, text) => this.#hear(message, text));
  }

  #hear([tag, expression]: readonly unknown[], text: string): boolean {
    this.#heard++;
    if (tag === "push" || tag === "pipe") this.#introduced++;
    if (tag !== "stream") return false;
    const id = ++this.#introduced;
    const [method] = (expression as any)?.[2] ?? [];
    if (method === "close") this.isClosed = true;
    if (!this.#isStalled) {
      this.#stage.say(["resolve", id, ["undefined"]]);
      return false;
    }
    this.#pending.push(id);
    this.#ahead += text.length;
    // A report shows only the first chunks.
    return this.#pending.length > 3;
  }

  /** @throws ConformanceError if the writer doesn't wait for the reader */
  async writerWaits(): Promise<void> {
    const { inbox } = this.#stage;
    let heard: number;
    do {
      heard = this.#heard;
      const isOver = () => this.#ahead > MOST_AHEAD || inbox.isClosed;
      await inbox.wait(isOver, QUIET);
    } while (this.#heard > heard && this.#ahead <= MOST_AHEAD);
    if (this.#ahead <= MOST_AHEAD) return;
    throw new ConformanceError(
      `sent ${this.#pending.length} chunks (${this.#ahead} characters) of a stream without ` +
        "waiting for an answer to the first one",
    );
  }

  /** Answers what was written, and all later writes at once. */
  readOn(): void {
    this.#isStalled = false;
    for (const id of this.#pending) this.#stage.say(["resolve", id, ["undefined"]]);
  }
}

/** Reads a stream of the server's, and stops before its first chunk. */
const readsNothing: Performer = async (stage) => {
  const { inbox, say } = stage;
  const reader = new StalledReader(stage);
  say(["push", ["pipeline", 0, ["stream"], ["numbers", 200_000]]], ["pull", 1]);
  await inbox.take(["pipe"]);
  await inbox.take(["resolve", 1]);
  await reader.writerWaits();
  // The session goes on meanwhile.
  say(["push", ["pipeline", 0, ["add"], [1, 2]]], ["pull", 2]);
  await inbox.take(["resolve", 2, 3]);
  inbox.takeAll();
};

/** The characters of a chunk, and the number of chunks, of a stream larger than any window. */
const [CHUNK, CHUNKS] = [100_000, 40];

/** Answers a client's writes only once the client waits. */
const answersLate: Performer = async (stage) => {
  const { inbox, say } = stage;
  const reader = new StalledReader(stage);
  await inbox.take(["pipe"]);
  await inbox.take(["push"]);
  await reader.writerWaits();
  reader.readOn();
  await inbox.until(
    () => reader.isClosed,
    () => 'expected ["stream",["pipeline",1,["close"],[]]]',
  );
  await inbox.take(["pull", 2]);
  say(["resolve", 2, "read"]);
  await inbox.until(
    () => inbox.released(2) > 0,
    () => 'expected ["release",2,1]',
  );
  inbox.takeAll();
};

/** Streams whose reader stalls. A writer must not send more than a window. */
export const flowControlScenarios: readonly Scenario[] = [
  forServers(
    {
      id: "FLO-001",
      name: "flow control: the reader of the server's stream stalls",
      features: ["streams"],
      section: "streams",
    },
    readsNothing,
  ),
  forClients(
    {
      id: "FLO-002",
      name: "flow control: the reader of the client's stream stalls",
      features: ["streams"],
      section: "streams",
      program: [
        {
          do: "call",
          target: "api.read",
          args: [
            [
              "$local",
              "readable",
              [Array.from({ length: CHUNKS }, () => ["$local", "text", CHUNK])],
            ],
          ],
          as: "chunks",
        },
        { do: "await", names: ["chunks"] },
      ],
      notes: ["read"],
    },
    answersLate,
  ),
];
