import type { ValueType } from "@capnweb/wire";
import type { Maps } from "../model/maps.ts";
import type { Streams } from "../model/streams.ts";
import type { SessionServices } from "../session/services.ts";

/** The names of components, under which this entry exports them. */
export type ComponentName =
  | "streams"
  | "maps"
  | "fetchValues"
  | "extensions"
  | "documents"
  | "forgottenStubs"
  | "memoryLimits"
  | "quickMessages"
  | "placesInErrors";

/** A part of a runtime that an application registers with `createRpc()`. */
export interface Component {
  /** The name under which it is exported. */
  readonly name: ComponentName;
  /** The rows of the values that it knows. @internal */
  readonly types?: readonly ValueType[];
  /** @internal */
  readonly streams?: Streams;
  /** @internal */
  readonly maps?: Maps;
  /** @internal */
  readonly services?: Partial<SessionServices>;
}
