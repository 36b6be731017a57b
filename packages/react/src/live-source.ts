/** A source of values: a stream, an async iterable, or a promise of one, such as that of a call. */
export type LiveSource<T> = LiveValues<T> | PromiseLike<LiveValues<T>>;

/** A stream or an async iterable. */
export type LiveValues<T> = ReadableStream<T> | AsyncIterable<T>;

/** Reads a source. Streams of some browsers aren't iterable. */
export function iteratorOf<T>(source: LiveValues<T>): AsyncIterator<T, unknown> {
  if (!(source instanceof ReadableStream)) return source[Symbol.asyncIterator]();
  const reader = source.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<T, unknown>>,
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}
