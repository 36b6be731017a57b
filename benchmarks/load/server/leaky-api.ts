// Mistakes on purpose. A soak must find each of them.
import { type Listener, LoadApi, type Order } from "./load-api.ts";

/** The mistakes, by the kind of figure that they make grow. */
export const LEAKS = ["memory", "handles", "tables"] as const;
export type Leak = (typeof LEAKS)[number];

/** Things that are kept for ever. */
const kept: unknown[] = [];

/** A main object that keeps things for ever. */
export class LeakyApi extends LoadApi {
  readonly #leaks: readonly Leak[];

  constructor(leaks: readonly Leak[]) {
    super();
    this.#leaks = leaks;
  }

  override echo(value: Order): Order {
    if (this.#leaks.includes("memory")) kept.push(new Array(2_000).fill(value));
    if (this.#leaks.includes("handles")) setInterval(() => {}, 3_600_000);
    return value;
  }

  override callBack(listener: Listener, times: number): Promise<number> {
    if (this.#leaks.includes("tables")) kept.push(listener.dup());
    return super.callBack(listener, times);
  }
}
