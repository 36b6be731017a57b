import type { StubHook } from "../hook.ts";
import { Payload } from "../payload/payload.ts";
import type { Runtime } from "../runtime.ts";
import { FlowControl } from "./flow-control.ts";

/**
 * A local stream whose data goes to the peer's stream behind `hook`, as fast as the window allows.
 * What fails there shows at the next write or at the close. Takes over `hook`; disposing of it aborts
 * the peer's stream, unless it was closed.
 *
 * @param isPiped whether only a stream is piped into it, whose chunks nobody else has a use for
 */
export function writableOver(
  hook: StubHook,
  runtime: Runtime,
  isPiped = false,
): WritableStream<unknown> {
  const flow = new FlowControl();
  let failure: { error: unknown } | undefined;
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
    failure ??= { error };
    hook.dispose();
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

  return new WritableStream({
    async write(chunk) {
      if (failure) throw failure.error;
      const { done, size, room } = send("write", [chunk]);
      // Where nothing leaves the process, the stream at the other end holds us back itself.
      if (size === undefined) return done;
      const message = flow.sent(size, performance.now());
      watch(done, () => flow.acknowledged(message, performance.now()));
      if (room) await room;
      await until(() => flow.hasRoom);
    },

    async close() {
      let isClosed = false;
      watch(send("close", []).done, () => {
        isClosed = true;
        hook.dispose();
      });
      await until(() => isClosed);
    },

    async abort(reason) {
      try {
        await send("abort", [reason]).done;
      } catch {
        // The other end is gone, or had failed already: aborted either way.
      } finally {
        hook.dispose();
      }
    },
  });
}
