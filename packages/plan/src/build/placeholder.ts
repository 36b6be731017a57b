import { PlaceholderError } from "../errors.ts";
import { isKey, isReserved } from "../shape/names.ts";

/** The part of a placeholder that records what is done with it. */
export interface Recording {
  /** The placeholder in words, for errors. */
  describe(): string;
  property(key: string): Recording;
  call(args: readonly unknown[]): unknown;
  map(callback: unknown): unknown;
}

/** The recordings of placeholders. All properties of a placeholder itself are steps of a plan. */
const recordings = new WeakMap<object, Recording>();

/** The recording of a placeholder; `undefined` for any other value. */
export function recordingOf(value: unknown): Recording | undefined {
  return typeof value === "function" ? recordings.get(value) : undefined;
}

/** Makes a placeholder. */
export function makePlaceholder(recording: Recording): unknown {
  // biome-ignore lint/complexity/useArrowFunction: it must be a constructor, to notice `new`
  const callable = function () {};
  Object.defineProperty(callable, INSPECT, {
    value: () => `[placeholder ${recording.describe()}]`,
  });
  const proxy = new Proxy(callable, new Traps(recording));
  recordings.set(proxy, recording);
  return proxy;
}

/** `console.log` of Node asks for it. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** The operators to use in the place of a coercion, by the hint that JavaScript gives. */
const REMEDIES: Readonly<Record<string, string>> = {
  number:
    "Use $.lt(), $.le(), $.gt() or $.ge() to compare, $.sub(), $.mul(), $.div() or $.mod() to " +
    "compute, and $.neg() for a sign.",
  string: "Use $.text`…` for templates, $.string() for a text, and $.index() for a computed key.",
  default: "Use $.add() for +, and $.eq() or $.ne() for == and !=.",
};

class Traps implements ProxyHandler<() => void> {
  readonly #recording: Recording;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  get(_callable: unknown, key: PropertyKey): unknown {
    const recording = this.#recording;
    if (typeof key === "symbol") return this.#symbol(key);
    if (key === "map") return (callback: unknown) => recording.map(callback);
    if (key === "then") throw this.#error("awaited", "A plan's callbacks must be synchronous.");
    if (key === "toJSON") throw this.#error("turned into JSON", "Return it from the plan.");
    if (isReserved(key) || !isKey(key)) {
      throw this.#error(`asked for "${key}"`, "No peer can be asked for a member of this name.");
    }
    return makePlaceholder(recording.property(key));
  }

  #symbol(key: symbol): unknown {
    if (key === Symbol.toPrimitive) {
      return (hint: string) => {
        throw this.#error(`used as a ${hint === "default" ? "value" : hint}`, REMEDIES[hint]!);
      };
    }
    if (key === Symbol.iterator || key === Symbol.asyncIterator) {
      throw this.#error("iterated over", "Use $.map(), $.loop() or $.reduce().");
    }
    // Debuggers and test runners look for these.
    if (key === INSPECT || key === Symbol.toStringTag) return undefined;
    throw this.#error(
      "passed to code outside of the plan",
      "A call on a stub from outside is made at once: use $.use(stub) to make it a step.",
    );
  }

  apply(_callable: unknown, _this: unknown, args: unknown[]): unknown {
    return this.#recording.call(args);
  }

  construct(): never {
    throw this.#error("constructed with new", "Call a method that makes the object.");
  }

  has(_callable: unknown, key: PropertyKey): never {
    throw this.#error(`searched for "${String(key)}"`, "Use $.has() or $.in().");
  }

  getOwnPropertyDescriptor(_callable: unknown, key: PropertyKey): never {
    throw this.#error(`searched for "${String(key)}"`, "Use $.has() or $.in().");
  }

  ownKeys(): never {
    throw this.#error("spread or listed", "Use $.keys(), or name the properties one by one.");
  }

  set(_callable: unknown, key: PropertyKey): never {
    throw this.#error(`assigned to (${String(key)})`, "Use $.let() and $.set() for variables.");
  }

  deleteProperty(): never {
    throw this.#error("deleted from", "Return an object without the property.");
  }

  defineProperty(): never {
    throw this.#error("assigned to", "Use $.let() and $.set() for variables.");
  }

  #error(use: string, remedy: string): PlaceholderError {
    return new PlaceholderError(
      `${this.#recording.describe()} is a placeholder of a plan, which has no value yet. It was ` +
        `${use}. ${remedy}`,
    );
  }
}
