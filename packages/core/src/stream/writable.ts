import { requireClass } from "@capnweb/wire/internal";
import { DisposedError } from "../errors.ts";
import type { StubHook } from "../model/hook.ts";
import type { Runtime } from "../model/runtime.ts";
import { explainClose } from "./explain-close.ts";
import { onGivenUp } from "./held-stream.ts";
import { PeerSink } from "./peer-sink.ts";

/**
 * A local stream whose data goes to the peer's stream behind `hook`, as fast as the window allows.
 * A failure there errors it at once. Takes over `hook`; disposing of it aborts the peer's stream,
 * unless it was closed.
 */
export function writableOver(hook: StubHook, runtime: Runtime): WritableStream<unknown> {
  requireClass("WritableStream");
  const sink = new PeerSink(hook, runtime, false);
  const stream = new WritableStream<unknown>({
    // The application may have nothing to write for a long time.
    start: (controller) => sink.watch((error) => controller.error(error)),
    write: (chunk) => sink.write(chunk),
    close: () => sink.close(),
    abort: (reason) => sink.abort(reason),
  });
  explainClose(stream, sink);
  onGivenUp(stream, () => {
    sink.fail(
      new DisposedError(
        "The WritableStream was disposed of. Get its writer, or hand it on, before the method " +
          "returns.",
      ),
    );
  });
  return stream;
}
