import { type DurableClass, type DurableTarget, restore, restoreParams } from "./durable-class.ts";
import { UnknownClassError, UnsealableError } from "./errors.ts";
import { SERVICE } from "./service.ts";

/** A class's name in tokens, and the params of one of its objects. */
export interface Described {
  readonly name: string;
  readonly params: unknown;
}

/**
 * The durable classes by the names that stand for them in tokens. The application chooses the
 * names, because those in code change with refactoring and minification.
 */
export class ClassRegistry {
  readonly #classes: ReadonlyMap<string, DurableClass>;
  /** The name that each class is sealed under: its first. */
  readonly #names = new Map<object, string>();

  /** @throws TypeError for a class without the two methods */
  constructor(classes: Readonly<Record<string, DurableClass>>) {
    this.#classes = new Map(Object.entries(classes));
    for (const [name, each] of this.#classes) {
      if (typeof each?.[restore] !== "function" || !(restoreParams in each.prototype)) {
        throw new TypeError(
          `The durable class "${name}" needs a static method [restore] ` +
            "and a method [restoreParams].",
        );
      }
      if (!this.#names.has(each.prototype)) this.#names.set(each.prototype, name);
    }
  }

  /** @throws UnknownClassError for a name that no class has */
  find(name: string): DurableClass {
    const found = this.#classes.get(name);
    if (found) return found;
    throw new UnknownClassError(
      `The token is for an object of the class "${name}", which isn't among the durable classes. ` +
        "If the class was renamed, list it under its old name too.",
    );
  }

  /**
   * Asks an object for its params.
   *
   * @throws UnsealableError unless the object is a direct instance of one of the classes
   */
  describe(target: object): Described {
    const prototype = classPrototype(target);
    const name = this.#names.get(prototype as object);
    if (name !== undefined) return { name, params: (target as DurableTarget)[restoreParams]() };
    const className = (prototype as { constructor?: { name?: unknown } } | null)?.constructor?.name;
    throw new UnsealableError(
      `The class ${String(className)} isn't among the durable classes. ` +
        'Add it to the option "classes".',
    );
  }
}

/** The prototype that a target's class gave it, without that of an offer of tokens. */
function classPrototype(target: object): unknown {
  const prototype: unknown = Object.getPrototypeOf(target);
  const isOffer = prototype !== null && Object.hasOwn(prototype as object, SERVICE);
  return isOffer ? Object.getPrototypeOf(prototype) : prototype;
}
