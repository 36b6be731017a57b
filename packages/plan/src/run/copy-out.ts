import { DEFAULT_MAX_DEPTH, DepthError } from "@capnweb/core";
import { objectFor } from "@capnweb/wire/internal";
import { isMap } from "../values/kinds.ts";
import { measuring } from "../values/measure.ts";
import type { Meter } from "../values/meter.ts";
import { CONTAINER_BYTES, MEMBER_BYTES, sizeOfLeaf, textBytes } from "../values/sizes.ts";
import { finish } from "../values/work.ts";
import { disposeOf } from "./dispose.ts";
import { isStub } from "./paths.ts";

/**
 * Copies the result of a plan. The copy has stubs of its own, which go to the caller with it.
 *
 * @param count counts bytes, and throws when there are too many
 * @throws DepthError for a result that is nested too deep. Nothing is left of the copy then
 */
export function copyOut(value: unknown, count: (bytes: number) => void): unknown {
  const copier = new Copier(count);
  try {
    return copier.copy(value, 0);
  } catch (error) {
    for (const stub of copier.stubs) disposeOf(stub);
    // What a stream of the copy was piped from ends with it.
    for (const stream of copier.streams) stream.cancel(error).catch(() => {});
    throw error;
  }
}

interface Duplicable {
  dup(): unknown;
}

class Copier {
  readonly stubs: unknown[] = [];
  readonly streams: ReadableStream[] = [];
  readonly #count: (bytes: number) => void;
  /** For values with more in them than shows: an error has a message and a cause. */
  readonly #meter: Meter;

  constructor(count: (bytes: number) => void) {
    this.#count = count;
    this.#meter = { isDue: false, make: count, spend() {} };
  }

  copy(value: unknown, depth: number): unknown {
    if (isStub(value)) return this.#dup(value as Duplicable);
    if (depth === DEFAULT_MAX_DEPTH) throw new DepthError();
    if (Array.isArray(value)) {
      this.#count(CONTAINER_BYTES + MEMBER_BYTES * value.length);
      return value.map((each) => this.copy(each, depth + 1));
    }
    if (isMap(value)) return this.#copyMap(value, depth);
    finish(measuring(value, this.#meter));
    return value instanceof ReadableStream ? this.#pipe(value) : value;
  }

  #copyMap(map: Readonly<Record<string, unknown>>, depth: number): unknown {
    const copy = objectFor(Object.keys(map));
    for (const [key, value] of Object.entries(map)) {
      // It would change the prototype of the copy.
      if (key === "__proto__") continue;
      this.#count(MEMBER_BYTES + textBytes(key.length));
      copy[key] = this.copy(value, depth + 1);
    }
    this.#count(CONTAINER_BYTES);
    return copy;
  }

  /** A stream that is piped on isn't ended with the value that it came in. */
  #pipe(stream: ReadableStream): ReadableStream {
    const copy = stream.pipeThrough(new TransformStream());
    this.streams.push(copy);
    return copy;
  }

  #dup(stub: Duplicable): unknown {
    this.#count(sizeOfLeaf(stub));
    const copy = stub.dup();
    this.stubs.push(copy);
    return copy;
  }
}
