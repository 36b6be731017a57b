import { RpcError, RpcTarget } from "@capnweb/core";

/** The server's main object. */
export class Calculator extends RpcTarget {
  add(a: number, b: number): number {
    return numberFrom(a) + numberFrom(b);
  }

  multiply(a: number, b: number): number {
    return numberFrom(a) * numberFrom(b);
  }

  divide(a: number, b: number): number {
    if (numberFrom(b) === 0) {
      throw new RpcError("A number can't be divided by 0.", { code: "DIVIDED_BY_ZERO" });
    }
    return numberFrom(a) / b;
  }

  /** A running total, which belongs to the client that asked for it. */
  total(): Total {
    return new Total();
  }
}

/** A running total. A client changes it through the capability, and no other client can. */
export class Total extends RpcTarget {
  #value = 0;

  /** Adds a number, and returns the new total. */
  add(amount: number): number {
    this.#value += numberFrom(amount);
    return this.#value;
  }

  /** Runs once the client has disposed of the total, or is gone. */
  [Symbol.dispose](): void {
    console.log(`server: a total of ${this.#value} is given up`);
  }
}

/** Checks an argument: the types of TypeScript bind no peer. */
function numberFrom(value: unknown): number {
  if (typeof value === "number") return value;
  throw new TypeError(`Expected a number, not ${typeof value}.`);
}
