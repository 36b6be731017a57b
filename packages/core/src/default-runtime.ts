import { type ValueType, valueTypes } from "@capnweb/wire";
import { defineHidden } from "@capnweb/wire/internal";
import { AssembledRuntime } from "./assembled-runtime.ts";
import { MAPS } from "./map/maps.ts";
import { STREAMS } from "./stream/streams.ts";
import { PROMISE, STUB } from "./stub/stub.ts";
import { streamTypes } from "./value-types/streams.ts";

/** The runtime of everything that the main entry exports. It has all parts. */
export const runtime = new AssembledRuntime({
  types: [...valueTypes, ...streamTypes],
  streams: STREAMS,
  maps: MAPS,
});

// Stubs name the classes of the main entry as theirs.
defineHidden(STUB, "constructor", runtime.RpcStub);
defineHidden(PROMISE, "constructor", runtime.RpcPromise);

/**
 * The runtime of a session that knows the application's value types.
 *
 * @throws Error for types that exclude each other, or that no session can have
 */
export function runtimeWith(types: readonly ValueType[] | undefined): AssembledRuntime {
  return runtime.with(types);
}
