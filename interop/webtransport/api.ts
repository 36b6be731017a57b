import { RpcTarget } from "@capnweb/core";
import { createApi } from "../../testing/api.ts";

/** The actions on a page's connection that its server offers. */
export interface Ends {
  /** Ends the session from this side. */
  end(): void;
  /** Breaks the connection. */
  cut(): void;
  /** Stops the peer's end of the connection without telling it. */
  stop(): void;
  /** Notes that the main object was disposed of. */
  disposed(): void;
}

export class Api extends createApi(RpcTarget) {
  readonly #ends: Ends;

  constructor(ends: Ends) {
    super();
    this.#ends = ends;
  }

  end() {
    this.#ends.end();
  }
  cut() {
    this.#ends.cut();
  }
  stop() {
    this.#ends.stop();
  }
  override [Symbol.dispose]() {
    this.#ends.disposed();
  }
}
