import { BrokenListener } from "../broken-listener.ts";
import { DisposedError } from "../errors.ts";
import type { StubHook } from "../hook.ts";
import { Payload } from "../payload/payload.ts";
import type { Runtime } from "../runtime.ts";
import { pauseBetweenChunks } from "../turns/turns.ts";
import { explainClose, type Failure } from "./explain-close.ts";
import { FlowControl } from "./flow-control.ts";
import { onGivenUp } from "./held-stream.ts";

/**
 * As how many bytes a chunk counts at least. One under way takes some kilobytes of memory, however
 * few are in it.
 */
const LEAST_COUNTED = 512;

/**
 * A local stream whose data goes to the peer's stream behind `hook`, as fast as the window allows. A
 * failure there errors it at once. Takes over `hook`; disposing of it aborts the peer's stream, unless
 * it was closed.
 *
 * @param isPiped whether only a stream is piped into it, whose chunks nobody else has a use for
 */
export function writableOver(
  hook: StubHook,
  runtime: Runtime,
  isPiped = false,
): WritableStream<unknown> {
  const flow = new FlowControl();
  let controller!: WritableStreamDefaultController;
  let failure: Failure | undefined;
  /** Has who waits look again. */
  let wake: (() => void) | undefined;

  const send = (method: string, args: unknown[]) => {
    const payload = (isPiped ? Payload.piped : Payload.borrowed)(runtime, args);
    const { result, size, room } = hook.stream([method], payload);
    const done = new Promise<void>((resolve, reject) => {
      result.pull({
        resolve() {
          result.dispose();
          resolve();
        },
        reject(error) {
          result.dispose();
          reject(error);
        },
      });
    });
    return { done, size, room };
  };

  const fail = (error: unknown) => {
    if (failure) return;
    failure = { error };
    // The application, or the source that is piped in, may have nothing to write for a long time.
    controller.error(error);
    hook.dispose();
    wake?.();
  };

  const watch = (done: Promise<void>, succeeded: () => void) => {
    done.then(succeeded, fail).then(() => wake?.());
  };

  /** Waits for what `watch` makes true; throws the first failure as soon as there is one. */
  const until = async (isTrue: () => boolean) => {
    while (!failure && !isTrue()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (failure) throw failure.error;
  };

  /** Aborts the peer's stream, and gives it up. */
  const abort = async (reason: unknown) => {
    try {
      // A reason that can't travel is replaced by the error that says so.
      await send("abort", [reason]).done.catch((error) => send("abort", [error]).done);
    } catch {
      // The other end is gone, or had failed already: aborted either way.
    } finally {
      hook.dispose();
    }
  };

  const stream = new WritableStream<unknown>({
    start(own) {
      controller = own;
      hook.onBroken(new BrokenListener(fail));
    },

    async write(chunk) {
      if (failure) {
        // A chunk is handed over, taken or not.
        Payload.borrowed(runtime, [chunk]).dispose();
        throw failure.error;
      }
      const { done, size, room } = send("write", [chunk]);
      if (size === undefined) {
        // Either nothing leaves the process, and the stream at the other end holds us back itself,
        // or the chunk can't travel, of which the other end hears only from here.
        return done.catch((error) => {
          failure ??= { error };
          void abort(error);
          throw error;
        });
      }
      const message = flow.sent(Math.max(size, LEAST_COUNTED), performance.now());
      watch(done, () => flow.acknowledged(message, performance.now()));
      if (room) await room;
      await until(() => flow.hasRoom);
      // A source that always has more would leave nothing else a turn.
      const pause = pauseBetweenChunks();
      if (pause) await pause;
    },

    async close() {
      let isClosed = false;
      watch(send("close", []).done, () => {
        isClosed = true;
        hook.dispose();
      });
      await until(() => isClosed);
    },

    abort,
  });
  if (!isPiped) explainClose(stream, () => failure);
  onGivenUp(stream, () => {
    fail(
      new DisposedError(
        "The WritableStream was disposed of. A method that writes to one after it has returned gets " +
          "the writer, or hands the stream on, before that.",
      ),
    );
  });
  return stream;
}
