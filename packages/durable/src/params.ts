import { RpcStub } from "@capnweb/core";
import { targetOf } from "@capnweb/core/server";
import {
  createValueTable,
  DEFAULT_LIMITS,
  Decoder,
  EncodeError,
  Encoder,
  type Expression,
  type ValueTable,
  type ValueType,
} from "@capnweb/wire";
import { isByReference, sessionlessRows, stringifyExpression } from "@capnweb/wire/internal";
import type { ClassRegistry, Described } from "./class-registry.ts";
import type { DurableClass } from "./durable-class.ts";
import { TokenForgedError, UnsealableError } from "./errors.ts";
import { type Placeholder, placeholder } from "./placeholder.ts";

/** An object to recreate. */
export interface Restorable {
  /** The name of the class. */
  readonly name: string;
  readonly class: DurableClass;
  /** The params, in which stubs of {@link inner} objects stand. They settle once those exist. */
  readonly params: unknown;
  readonly inner: readonly InnerRestorable[];
}

/** An object in the params of another. */
export interface InnerRestorable extends Restorable {
  readonly place: Placeholder;
}

/** Turns objects into the JSON text of their params, and back. */
export class ParamsCodec {
  readonly #classes: ClassRegistry;
  readonly #maxNested: number;
  readonly #table: ValueTable;

  /**
   * @param maxNested the most durable objects in the params of one, directly and indirectly
   * @param types the application's own value types
   */
  constructor(classes: ClassRegistry, maxNested: number, types: readonly ValueType[] = []) {
    this.#classes = classes;
    this.#maxNested = maxNested;
    this.#table = createValueTable([...sessionlessRows(nestedType as ValueType), ...types]);
  }

  /**
   * Describes a capability.
   *
   * @param capability a target or stub
   * @returns the name of its class, and the text of its params
   * @throws UnsealableError for one that can't be sealed
   */
  encode(capability: unknown): { name: string; text: string } {
    const { name, params } = describe(this.#classes, capability);
    const encoder = new ParamsEncoder(this.#table, this.#classes, this.#maxNested);
    try {
      return { name, text: stringifyExpression(encoder.encode(params)) };
    } catch (error) {
      if (error instanceof UnsealableError) throw error;
      throw new UnsealableError(
        `The params of an object of "${name}" can't travel: ${error}`,
        error,
      );
    }
  }

  /**
   * Reads the params of an object. Recreates nothing.
   *
   * @throws UnknownClassError
   */
  decode(name: string, params: Expression): Restorable {
    const found = this.#classes.find(name);
    const decoder = new ParamsDecoder(this.#table, this.#classes, this.#maxNested);
    return { name, class: found, params: decoder.decode(params, {}, ""), inner: decoder.inner };
  }
}

function describe(classes: ClassRegistry, capability: unknown): Described {
  const isTarget =
    typeof capability === "object" && capability !== null && isByReference(capability);
  const target = capability instanceof RpcStub ? targetOf(capability) : isTarget && capability;
  if (target) return classes.describe(target);
  throw new UnsealableError(
    "Only targets of this process, and settled stubs of them, can be sealed. " +
      "Have the process that owns the object seal it.",
  );
}

/** Encodes params. The targets and stubs in them become nested objects. */
class ParamsEncoder extends Encoder {
  readonly #classes: ClassRegistry;
  #left: number;

  constructor(table: ValueTable, classes: ClassRegistry, maxNested: number) {
    super(table, "string");
    this.#classes = classes;
    this.#left = maxNested;
  }

  encodeNested(capability: unknown): Expression {
    if (this.#left-- === 0) {
      throw new UnsealableError(
        "The params hold too many durable objects, or an object holds itself. See maxNested.",
      );
    }
    const { name, params } = describe(this.#classes, capability);
    return ["export", name, this.encode(params)];
  }
}

class ParamsDecoder extends Decoder {
  /** The objects in the params that are being decoded. */
  inner: InnerRestorable[] = [];
  readonly #classes: ClassRegistry;
  #left: number;

  constructor(table: ValueTable, classes: ClassRegistry, maxNested: number) {
    super(table, "string", DEFAULT_LIMITS);
    this.#classes = classes;
    this.#left = maxNested;
  }

  decodeNested(name: string, params: Expression): unknown {
    if (this.#left-- === 0) {
      throw new TokenForgedError("The token holds more durable objects than maxNested allows.");
    }
    const outer = this.inner;
    this.inner = [];
    const found = this.#classes.find(name);
    const decoded = this.decode(params, {}, "");
    const place = placeholder();
    outer.push({ name, class: found, params: decoded, inner: this.inner, place });
    this.inner = outer;
    return place.stub;
  }

  override defer(): never {
    throw new EncodeError("Params have no values that are still to come.");
  }
}

/** Durable objects in params: `["export", name, params]`. */
const nestedType: ValueType<
  object,
  readonly [name: string, params: Expression],
  ParamsEncoder,
  ParamsDecoder
> = {
  kind: "durable capability",
  tags: ["export", "promise"],
  operands: [(value): value is string => typeof value === "string", (_): _ is unknown => true],
  primitives: ["function"],
  matches: (value): value is object => isByReference(value),
  encode: (value, cx) => cx.encodeNested(value),
  decode: ([, name, params], cx) => cx.decodeNested(name, params),
};
