import type { RpcStub } from "@capnweb/core";
import { type WeakStub, weakStub } from "@capnweb/core/server";

/** An object that is being recreated, and the number of tokens that wait for it. */
interface Flight {
  readonly made: Promise<RpcStub<any>>;
  users: number;
}

/** The number of entries below which nothing is swept. */
const LEAST_SWEPT = 64;

/** The live objects that tokens share, by key. It keeps none of them alive. */
export class SharedObjects {
  readonly #live = new Map<string, WeakStub<any>>();
  readonly #flights = new Map<string, Flight>();
  #sweepAt = LEAST_SWEPT;

  /** Makes a stub of a live object, if there is one. The caller disposes of it. */
  find(key: string): RpcStub<any> | undefined {
    return this.#live.get(key)?.deref();
  }

  /**
   * Makes a stub of the object that `make` makes. If the object of this key is being made already,
   * waits for that one.
   *
   * @returns a stub that the caller disposes of
   */
  async obtain(key: string, make: () => Promise<RpcStub<any>>): Promise<RpcStub<any>> {
    let flight = this.#flights.get(key);
    if (!flight) {
      // Made later: an object in its params that has the same key by mistake must find it.
      flight = { made: Promise.resolve().then(make), users: 0 };
      this.#flights.set(key, flight);
    }
    flight.users++;
    try {
      const made = await flight.made;
      this.#note(key, made);
      return made.dup();
    } finally {
      // The last one out gives up the reference that all of them have copied.
      if (--flight.users === 0) {
        this.#flights.delete(key);
        flight.made.then(
          (made) => made[Symbol.dispose](),
          () => {},
        );
      }
    }
  }

  #note(key: string, made: RpcStub<any>): void {
    if (this.#live.get(key)?.deref()) return;
    const weak = weakStub(made);
    if (!weak) return;
    this.#live.set(key, weak);
    if (this.#live.size < this.#sweepAt) return;
    for (const [each, entry] of this.#live) if (!isLive(entry)) this.#live.delete(each);
    this.#sweepAt = LEAST_SWEPT + 2 * this.#live.size;
  }
}

function isLive(weak: WeakStub<any>): boolean {
  const stub = weak.deref();
  stub?.[Symbol.dispose]();
  return stub !== undefined;
}
