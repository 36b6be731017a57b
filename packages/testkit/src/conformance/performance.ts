import type { Connection } from "./connection.ts";
import type { Habit } from "./habits.ts";
import { Inbox } from "./inbox.ts";
import { parsePeerMessage } from "./messages.ts";
import type { Performer, ScenarioPlayer } from "./scenario.ts";

/** Plays a scenario that code performs. */
export class PerformancePlayer implements ScenarioPlayer {
  readonly inbox: InterceptedInbox;
  readonly habits = new Set<Habit>();
  readonly #perform: Performer;
  readonly #timeout: number;

  /** @param timeout milliseconds that the peer has for a message */
  constructor(perform: Performer, timeout: number) {
    this.#perform = perform;
    this.#timeout = timeout;
    this.inbox = new InterceptedInbox(timeout);
  }

  async play(connection: Connection): Promise<void> {
    const { inbox } = this;
    await this.#perform({
      inbox,
      timeout: this.#timeout,
      say(...messages) {
        for (const message of messages) {
          const text = typeof message === "string" ? message : JSON.stringify(message);
          inbox.said(text);
          connection.send(text);
        }
      },
      intercept(handle) {
        inbox.handle = handle;
      },
    });
  }

  async checkAll(): Promise<void> {
    throw new Error("A performance needs a connection.");
  }

  async linger(time: number): Promise<void> {
    await this.inbox.wait(() => this.inbox.isClosed, time);
    this.inbox.checkEmpty(false);
  }
}

/** An inbox that a performer gets messages before. */
class InterceptedInbox extends Inbox {
  handle: (message: readonly unknown[], text: string) => boolean = () => false;

  override message(text: string): void {
    if (!this.handle(parsePeerMessage(text), text)) super.message(text);
  }
}
