/**
 * Calls `done` once when a stream has ended: was read to its end, failed, or was canceled. Neither
 * reads nor locks the stream. A stream that is forgotten never ends.
 *
 * The stream gets methods of its own, because nothing else tells its end to code that doesn't
 * read it.
 *
 * @param done called with the error of a stream that failed
 */
export function whenStreamEnds(stream: ReadableStream, done: (error?: unknown) => void): void {
  let isOver = false;
  const end = (error?: unknown) => {
    if (isOver) return;
    isOver = true;
    done(error);
  };
  const watch = (reader: { readonly closed: Promise<unknown> }) => {
    reader.closed.then(
      () => end(),
      // A reader that was released leaves the stream for another one.
      (error: unknown) => stream.locked && end(error),
    );
  };
  define(stream, {
    getReader(...args: [any]) {
      const reader = ReadableStream.prototype.getReader.apply(stream, args);
      watch(reader as unknown as ReadableStreamDefaultReader);
      return reader;
    },
    cancel(reason?: unknown) {
      const canceled = ReadableStream.prototype.cancel.call(stream, reason);
      canceled.then(() => end(), end);
      return canceled;
    },
    pipeTo(to: WritableStream, options?: StreamPipeOptions) {
      const piped = ReadableStream.prototype.pipeTo.call(stream, to, options);
      piped.then(() => end(), end);
      return piped;
    },
    pipeThrough(through: ReadableWritablePair, options?: StreamPipeOptions) {
      // As the method itself, which doesn't call pipeTo().
      stream.pipeTo(through.writable, options).catch(() => {});
      return through.readable;
    },
    tee() {
      // The branches end by themselves.
      const branches = ReadableStream.prototype.tee.call(stream);
      end();
      return branches;
    },
    values: (options?: { preventCancel?: boolean }) => valuesOf(stream, options),
    [Symbol.asyncIterator]: (options?: { preventCancel?: boolean }) => valuesOf(stream, options),
  });
}

/** Iterates over a stream by means of its own reader. */
async function* valuesOf(
  stream: ReadableStream,
  { preventCancel = false } = {},
): AsyncGenerator<unknown, void, undefined> {
  const reader = stream.getReader();
  let isDone = false;
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) {
        isDone = true;
        return;
      }
      yield value;
    }
  } catch (error) {
    isDone = true;
    throw error;
  } finally {
    if (!isDone && !preventCancel) await reader.cancel();
    reader.releaseLock();
  }
}

function define(stream: ReadableStream, methods: Record<PropertyKey, unknown>): void {
  for (const name of Reflect.ownKeys(methods)) {
    const value = methods[name as string];
    Object.defineProperty(stream, name, { value, configurable: true, writable: true });
  }
}
