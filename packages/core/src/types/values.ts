import type { OwnValueTypes } from "./own-value-types.ts";

/** The static types of values that travel as a whole: of the protocol's value types. */

/** A class of the web platform, if the program's `lib` knows it. */
type Global<Name extends string> = typeof globalThis extends {
  readonly [N in Name]: { readonly prototype: infer T };
}
  ? T
  : never;

/** The kinds of values, by their names in the value table. */
export interface ValueTypes {
  undefined: undefined;
  number: number;
  bigint: bigint;
  Date: Date;
  bytes: ArrayBuffer | ArrayBufferView;
  Blob: Global<"Blob">;
  Error: Error;
  URL: Global<"URL">;
  Headers: Global<"Headers">;
  Request: Global<"Request">;
  Response: Global<"Response">;
  ReadableStream: Global<"ReadableStream">;
  WritableStream: Global<"WritableStream">;
}

/** A value that is delivered unchanged: nothing in it is replaced. */
export type Value =
  | string
  | boolean
  | null
  | void
  | ValueTypes[keyof ValueTypes]
  | OwnValueTypes[keyof OwnValueTypes];

/** Values that the protocol has no form for. */
export type CannotTravel =
  | symbol
  | RegExp
  | ReadonlyMap<any, any>
  | ReadonlySet<any>
  | WeakMap<any, any>
  | WeakSet<any>
  | WeakRef<any>
  | Generator<any, any, any>
  | AsyncIterable<any>;
