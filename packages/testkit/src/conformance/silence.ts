import type { ScenarioResult } from "./result.ts";

/** Scenarios after which a server that has never said anything is asked for an echo. */
const MOST = 5;

/**
 * Notices a server that accepts connections and says nothing at all. Each of hundreds of scenarios
 * would wait for it. The first ones may be beyond a server that is being built, so an echo decides.
 */
export class Silence {
  #count = 0;
  #isBroken = false;
  #answer: Promise<Pick<ScenarioResult, "exchange">> | undefined;
  readonly #echo: () => Promise<Pick<ScenarioResult, "exchange">>;

  /** @param echo plays a scenario that every server is the first to pass */
  constructor(echo: () => Promise<Pick<ScenarioResult, "exchange">>) {
    this.#echo = echo;
  }

  /**
   * Notes a scenario's result.
   *
   * @param timeout milliseconds that the server had for a message
   */
  note({ failure, duration, exchange = [], recorded = [] }: ScenarioResult, timeout: number): void {
    this.#hear(exchange);
    // Timers may be early by a fraction of a millisecond.
    const isLate = failure !== undefined && duration > timeout - 1;
    if (isLate && recorded.length > 0) this.#count++;
  }

  /** The reason for skipping all other scenarios; `undefined` if there is none. */
  async reason(): Promise<string | undefined> {
    if (this.#isBroken || this.#count < MOST) return undefined;
    this.#answer ??= this.#echo();
    this.#hear((await this.#answer).exchange);
    return this.#isBroken ? undefined : "the server said nothing, not even for an echo";
  }

  #hear(exchange: ScenarioResult["exchange"] = []): void {
    if (exchange.some(({ from }) => from === "peer")) this.#isBroken = true;
  }
}
