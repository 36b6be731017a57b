import { type Container, type CopyContext, DEFAULT_MAX_DEPTH, DepthError } from "@capnweb/wire";
import {
  isEncodeFailure,
  isObjectOrFunction,
  isPlain,
  listContainer,
  objectContainer,
  PART_WEIGHT,
  Slot,
} from "@capnweb/wire/internal";
import type { Budget } from "../budget.ts";
import { REFERENCE_STEPS } from "../call-context/counts.ts";
import { typeOf } from "./containers.ts";
import type { CoreValueType } from "./core-value-type.ts";
import { findReferences } from "./find-references.ts";
import { handleIfStub } from "./handle.ts";
import type { StubHook } from "./hook.ts";
import { isNativePromise } from "./native-promise.ts";
import type { Disposer } from "./payload.ts";
import type { PendingPart } from "./pending-part.ts";
import type { Runtime } from "./runtime.ts";

/** A list without elements, which is shared, so that it can't get any. */
export const NONE: never[] = [];
Object.freeze(NONE);

/**
 * Adds to a list, in place unless it is {@link NONE}. A push to an empty list would make room for
 * sixteen more, and most lists get one element.
 */
export function withOneMore<T>(list: T[], element: T): T[] {
  if (list === NONE) return [element];
  list.push(element);
  return list;
}

/**
 * The row of a value that is a capability itself. A promise is none, because it has to be awaited.
 */
export function capabilityTypeOf(value: unknown, runtime: Runtime): CoreValueType | undefined {
  if (!isObjectOrFunction(value) || Array.isArray(value) || isPlain(value)) return undefined;
  const type = typeOf(value, runtime.table);
  return type?.own && !type.isPromise ? type : undefined;
}

/** The reference made to a target, function or native promise in a value. */
interface Taken {
  readonly value: object;
  readonly hook: StubHook;
}

/**
 * Copies a value for delivery in this process. Containers are copied, values without capabilities
 * are passed unchanged, and every capability becomes a stub whose hook is collected. An error is a
 * container if it holds a reference.
 */
export class Copier implements CopyContext {
  references: Disposer[] = NONE;
  pending: PendingPart[] = NONE;
  readonly #runtime: Runtime;
  readonly #moved: boolean;
  readonly #lent: readonly Disposer[];
  readonly #budget: Budget | undefined;
  /** The number of values copied. A container counts as several. */
  values = 0;
  #depth = 0;
  #isInError = false;
  #taken: Taken[] | undefined;

  /**
   * @param moved whether the stubs in the value are handed over with it, instead of duplicated
   * @param lent the hooks of stubs that aren't handed over in any case
   * @param budget the copied values count against it; default: no limit. Copying fails once it is
   *   spent
   */
  constructor(runtime: Runtime, moved: boolean, lent: readonly Disposer[] = [], budget?: Budget) {
    this.#runtime = runtime;
    this.#moved = moved;
    this.#lent = lent;
    this.#budget = budget;
  }

  /** @param parent the place of the copy: `parent[key]` */
  copy(value: unknown, parent: object, key: PropertyKey): unknown {
    switch (typeof value) {
      case "object":
        if (value === null) return null;
        break;
      case "function":
        break;
      default:
        return value;
    }
    // Not by `#copyContainer`, where another call would take a tenth of the time.
    if (Array.isArray(value)) {
      this.#enter();
      const copy = listContainer.copy(value, this);
      this.#depth--;
      return copy;
    }
    if (typeof value === "object" && isPlain(value)) {
      this.#enter();
      const copy = objectContainer.copy(value, this);
      this.#depth--;
      return copy;
    }
    return this.#copyOther(value, parent, key);
  }

  part(value: unknown, place: (copy: unknown) => void): void {
    this.count(PART_WEIGHT);
    place(this.copy(value, new Slot(place), "value"));
  }

  #copyOther(value: object, parent: object, key: PropertyKey): unknown {
    const type = typeOf(value, this.#runtime.table);
    if (!type) return value;
    if (type.own) {
      const handle = handleIfStub(value);
      // No capability of the application's own is sent in an error, where a library may have put
      // it.
      if (this.#isInError && !handle) return value;
      this.#spend(REFERENCE_STEPS);
      const owned = type.own(
        value,
        this.#runtime,
        this.#moved && !this.#isLent(value),
        this.#budget,
      );
      if (!handle) {
        this.#taken ??= [];
        this.#taken.push({ value, hook: owned });
      }
      if (type.isPromise) {
        const path = handle?.path ?? [];
        this.pending = withOneMore(this.pending, { parent, key, hook: owned, path });
        return this.#runtime.makePromise(owned, path);
      }
      this.#collect(owned);
      return this.#runtime.makeStub(owned);
    }
    const stream = type.streamOf?.(value);
    if (stream) this.#collect(this.#runtime.streams.hold(stream));
    if (!type.parts) return value;
    if (type.isIncidental) return this.#copyIncidental(value, type as Container);
    return this.#copyContainer(value, type as Container);
  }

  #copyContainer(value: object, container: Container<any>): unknown {
    this.#enter();
    const copy = container.copy(value, this);
    this.#depth--;
    return copy;
  }

  /** Errors without references stay unchanged, whatever else their libraries put into them. */
  #copyIncidental(error: object, container: Container): unknown {
    const isOutermost = !this.#isInError;
    const count = (values: number) => this.#spend(values);
    if (isOutermost && findReferences(error, this.#runtime, count).length === 0) return error;
    const depth = this.#depth;
    this.#isInError = true;
    try {
      return this.#copyContainer(error, container);
    } catch (failure) {
      // Properties that can't be sent are left out later.
      if (!isOutermost || !isEncodeFailure(failure)) throw failure;
      this.#depth = depth;
      this.#collectIn(error);
      return error;
    } finally {
      if (isOutermost) this.#isInError = false;
    }
  }

  #collect(reference: Disposer): void {
    this.references = withOneMore(this.references, reference);
  }

  #isLent(value: object): boolean {
    const hook = this.#lent.length > 0 ? handleIfStub(value)?.hook : undefined;
    return hook !== undefined && this.#lent.includes(hook);
  }

  #enter(): void {
    // Values that a container counts besides its own.
    const CONTAINER = 4;
    if (++this.#depth >= DEFAULT_MAX_DEPTH) throw new DepthError();
    this.values += CONTAINER;
    this.#spend(1);
  }

  count(parts: number): void {
    this.values += parts;
    this.#spend(parts);
  }

  /** @throws LimitError */
  #spend(steps: number): void {
    this.#budget?.spend(steps);
  }

  /**
   * Collects the references that are handed over with a value whose copy failed half-way. Collects
   * them from the start, because a value that is a part of itself collected them many times.
   */
  collect(value: unknown): void {
    const forgotten = new Set<Disposer>();
    for (const each of this.#taken ?? []) {
      if (this.#isHandedOver(each.value)) forgotten.add(each.hook);
    }
    this.references = this.references.filter((each) => !forgotten.has(each));
    this.pending = this.pending.filter(({ hook }) => !forgotten.has(hook));
    this.#collectIn(value);
  }

  #collectIn(value: unknown): void {
    for (const each of findReferences(value, this.#runtime)) {
      try {
        this.#collectOne(each);
      } catch {
        // A hostile proxy.
      }
    }
  }

  #collectOne(value: object): void {
    const type = typeOf(value, this.#runtime.table);
    const stream = type?.streamOf?.(value);
    if (stream) this.#collect(this.#runtime.streams.hold(stream));
    else if (type?.own && this.#isHandedOver(value)) {
      this.#collect(
        type.own(value, this.#runtime, this.#moved && !this.#isLent(value), this.#budget),
      );
    }
  }

  /** True if a stub, promise, target or function no longer belongs to its application. */
  #isHandedOver(value: object): boolean {
    if (this.#moved) return true;
    if (handleIfStub(value) || isNativePromise(value)) return false;
    try {
      return typeof (value as { dup?: unknown }).dup !== "function";
    } catch {
      return false;
    }
  }
}
