import type { StubHook } from "./hook.ts";
import type { Disposer } from "./payload.ts";
import type { Watched } from "./pipe-hook.ts";
import type { Runtime } from "./runtime.ts";

/** Sends and receives streams, in a runtime that has them. */
export interface Streams {
  /** Makes a pipe for a peer, as a `PipeHook`. In a runtime without streams, it fails. */
  pipe(runtime: Runtime): StubHook & Watched;

  /** Takes a stream that is sent, and makes the reference to its writing end. */
  writer(runtime: Runtime, stream: WritableStream): StubHook & Watched;

  /**
   * Sends the data of `source` to the peer's stream behind `hook` until either ends. Takes over
   * `hook`.
   */
  pump(source: ReadableStream, hook: StubHook, runtime: Runtime): void;

  /** A payload's hold on a stream in its value. */
  hold(stream: ReadableStream | WritableStream): Disposer;
}
