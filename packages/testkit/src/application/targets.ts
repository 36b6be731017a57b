import type { Implementation } from "../implementation.ts";

/** The classes of the application's objects. */
export interface Targets {
  readonly User: new (id: number) => object;
  readonly Counter: new (start: number) => object;
}

/** The classes of the application's objects, for one implementation. */
export function createTargets({ RpcTarget }: Implementation, events: string[]): Targets {
  class User extends RpcTarget {
    readonly #id: number;
    secret = "an instance property is private";

    constructor(id: number) {
      super();
      this.#id = id;
    }
    get id(): number {
      return this.#id;
    }
    get name(): string {
      return `user ${this.#id}`;
    }
    get profile(): object {
      return { city: { name: `city ${this.#id}` }, tags: ["a", "b"], nothing: null };
    }
    greet(greeting: string): string {
      return `${greeting}, ${this.name}`;
    }
    friend(): User {
      return new User(this.#id * 10);
    }
    friends(): User[] {
      return [new User(this.#id * 10), new User(this.#id * 10 + 1)];
    }
    fail(): never {
      throw new RangeError(`no luck for ${this.#id}`);
    }
  }

  class Counter extends RpcTarget {
    #count: number;

    constructor(start: number) {
      super();
      this.#count = start;
    }
    increment(by = 1): number {
      this.#count += by;
      return this.#count;
    }
    get value(): number {
      return this.#count;
    }
    self(): Counter {
      return this;
    }
    [Symbol.dispose](): void {
      events.push("counter disposed");
    }
  }

  return { User, Counter };
}
