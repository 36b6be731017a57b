import type { TransportReceiver } from "@capnweb/core";
import { iterateLines } from "@capnweb/wire";

/** Hands the messages of a body to a session, no faster than the session takes them. */
export class MessageFeed {
  #receiver: TransportReceiver | undefined;
  #messages: Iterator<string> | undefined;
  #whenOver: (() => void) | undefined;
  #isPaused = false;
  #isRunning = false;

  /** @param whenOver called once, after the last message or {@link stop} */
  start(body: string, receiver: TransportReceiver, whenOver: () => void): void {
    this.#receiver = receiver;
    this.#messages = iterateLines(body);
    this.#whenOver = whenOver;
    this.#run();
  }

  /** Holds back further messages until {@link resume}. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Continues after {@link pause}. */
  resume(): void {
    this.#isPaused = false;
    this.#run();
  }

  /** Drops the rest of the messages, because the session is over. Idempotent. */
  stop(): void {
    const whenOver = this.#whenOver;
    this.#messages = undefined;
    this.#whenOver = undefined;
    whenOver?.();
  }

  #run(): void {
    // The session may pause and resume while it takes a message.
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#messages && !this.#isPaused) {
      const { done, value } = this.#messages.next();
      if (done) this.stop();
      else this.#receiver!.receive(value);
    }
    this.#isRunning = false;
  }
}
