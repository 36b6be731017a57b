import type { Streams } from "../model/streams.ts";
import { HeldStream, takeStream } from "./held-stream.ts";
import { Pipe } from "./pipe.ts";
import { pump } from "./pump.ts";
import { WritableHook } from "./writable-hook.ts";

/** All that a runtime needs for streams, besides their rows. */
export const STREAMS: Streams = {
  pipe: (runtime) => new Pipe(runtime),
  writer(runtime, stream) {
    const writer = WritableHook.of(runtime, stream);
    takeStream(stream);
    return writer;
  },
  pump: (source, hook, runtime) => void pump(source, hook, runtime),
  hold: (stream) => new HeldStream(stream),
};
