import type { Connection } from "./connection.ts";
import { ConformanceError } from "./errors.ts";
import type { Inbox } from "./inbox.ts";
import { matches } from "./match.ts";
import { show } from "./messages.ts";

/**
 * Asks a server for a sum. Delivery is in order: once the answer is here, everything that the
 * server sent before is here as well, and the session still works.
 */
export class Probe {
  readonly #inbox: Inbox;
  readonly #connection: Connection;
  #introduced: number;

  /** @param introduced the number of imports that our side has introduced so far */
  constructor(inbox: Inbox, connection: Connection, introduced: number) {
    this.#inbox = inbox;
    this.#connection = connection;
    this.#introduced = introduced;
  }

  /** @throws ConformanceError if the answer differs, or doesn't come */
  async ask(): Promise<void> {
    const id = ++this.#introduced;
    const say = (message: unknown) => this.#connection.send(JSON.stringify(message));
    say(["push", ["pipeline", 0, ["add"], [20, 22]]]);
    say(["pull", id]);
    const expected = ["resolve", id, 42];
    const complaint = `expected ${show(expected)} for a call after the scenario`;
    await this.#inbox.until(
      () => this.#inbox.peek(expected) !== undefined,
      () => complaint,
    );
    const answer = await this.#inbox.take(expected);
    if (!matches(expected, answer)) throw new ConformanceError(`${complaint}, got ${show(answer)}`);
    say(["release", id, 1]);
  }
}

/**
 * Calls a client's main object, which answers with a result or a failure. Unlike {@link Probe}, it
 * is only asked about a client that seems to be wrong: a client needn't expect calls.
 */
export class ClientProbe {
  readonly #inbox: Inbox;
  readonly #connection: Connection;
  readonly #id: number;
  #isAsked = false;

  /** @param introduced the number of imports that our side has introduced so far */
  constructor(inbox: Inbox, connection: Connection, introduced: number) {
    this.#inbox = inbox;
    this.#connection = connection;
    this.#id = introduced + 1;
  }

  /** Tells whether the call is answered. The first time, it sends the call. */
  isAnswered(): boolean {
    if (!this.#isAsked) {
      this.#isAsked = true;
      this.#connection.send(JSON.stringify(["push", ["pipeline", 0, ["add"], [20, 22]]]));
      this.#connection.send(JSON.stringify(["pull", this.#id]));
    }
    return this.#inbox.peek(["resolve", this.#id]) !== undefined;
  }

  /** Takes the answer, if the call was sent: it may come after the messages that were missing. */
  async finish(): Promise<void> {
    if (!this.#isAsked) return;
    const answer = ["resolve", this.#id];
    await this.#inbox.until(
      () => this.#inbox.isClosed || this.#inbox.peek(answer) !== undefined,
      () => "expected an answer to a call after the scenario",
    );
    if (!this.#inbox.isClosed) await this.#inbox.take(answer);
  }
}
