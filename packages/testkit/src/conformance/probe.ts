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
