import callbacks from "./examples/callbacks.ts";
import disposal from "./examples/disposal.ts";
import errors from "./examples/errors.ts";
import map from "./examples/map.ts";
import pipelining from "./examples/pipelining.ts";
import streams from "./examples/streams.ts";
import type { Program } from "./program.ts";

/** A program to begin with. */
export interface Example extends Program {
  readonly name: string;
  readonly title: string;
}

/** The examples, in the order of their buttons. */
export const EXAMPLES: readonly Example[] = [pipelining, callbacks, map, streams, errors, disposal];
