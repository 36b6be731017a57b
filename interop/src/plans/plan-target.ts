import { RpcTarget } from "@capnweb/core";

const USERS = [
  { id: 1, name: "ann", vip: true },
  { id: 2, name: "bob", vip: false },
  { id: 3, name: "cid", vip: true },
];

/** A capability that the target makes. */
class Counter extends RpcTarget {
  readonly #target: PlanTarget;
  #count: number;

  constructor(target: PlanTarget, start: number) {
    super();
    this.#target = target;
    this.#count = start;
    target.open++;
  }

  increment(by = 1): number {
    this.#count += by;
    return this.#count;
  }

  [Symbol.dispose](): void {
    this.#target.open--;
  }
}

/** The object that the plans of the vectors run on: docs/plans.md, "Vectors". */
export class PlanTarget extends RpcTarget {
  readonly noted: string[] = [];
  /** The number of counters that weren't disposed of. */
  open = 0;

  get greeting(): string {
    return "hello";
  }

  get double(): (number: number) => number {
    return (number) => 2 * number;
  }

  echo(value: unknown): unknown {
    return value;
  }

  sum(...numbers: number[]): number {
    return numbers.reduce((sum, each) => sum + each, 0);
  }

  users(): object[] {
    return structuredClone(USERS);
  }

  fail(message: string): never {
    throw new RangeError(message);
  }

  note(text: string): void {
    this.noted.push(text);
  }

  counter(start: number): Counter {
    return new Counter(this, start);
  }

  increment(counter: { increment(): Promise<number> }): Promise<number> {
    return counter.increment();
  }

  never(): Promise<never> {
    return new Promise(() => {});
  }
}
