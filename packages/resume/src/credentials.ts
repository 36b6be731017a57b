import type { Clock } from "./clock.ts";
import type { Hello } from "./control.ts";
import { newSecret } from "./secret.ts";

/** The connecting side's proof, on each connection, that a session is its own. */
export class Credentials {
  readonly #clock: Clock;
  #secret = newSecret();
  #next: string | undefined;
  #generation = 0;
  /** The times of the first hello, on a clock that may stand still and on one that may be set. */
  #first: { readonly now: number; readonly date: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True if the next hello starts the session: no peer can have seen one yet. */
  get isFirst(): boolean {
    return this.#first === undefined;
  }

  /**
   * Makes the message for the next connection.
   *
   * @param isAnswered true if the peer has ever answered
   */
  hello(received: number, buffer: number, isAnswered: boolean): Partial<Hello> {
    const secret = this.#secret;
    if (!this.#first) {
      this.#first = { now: this.#clock.now(), date: Date.now() };
      return { secret, generation: 0, received: 0, buffer };
    }
    this.#generation++;
    this.#next = newSecret();
    const hello = { secret, generation: this.#generation, received, buffer, next: this.#next };
    return isAnswered ? hello : { ...hello, age: this.#age(this.#first), probe: 2 };
  }

  /** Notes that the peer has accepted the last hello, and has its new secret. */
  accepted(): void {
    if (this.#next !== undefined) this.#secret = this.#next;
    this.#next = undefined;
  }

  /** Milliseconds since the first hello: never too few, even if the machine slept. */
  #age({ now, date }: { readonly now: number; readonly date: number }): number {
    return Math.ceil(Math.max(this.#clock.now() - now, Date.now() - date, 0));
  }
}
