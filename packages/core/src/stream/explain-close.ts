/** The failure of a stream. */
export interface Failure {
  readonly error: unknown;
}

/**
 * Makes `close()` of a stream and of its writers reject with the error because of which the stream
 * failed. The platform's own error only says that the stream isn't writable any more.
 *
 * @param failure returns the failure, once there is one
 */
export function explainClose(stream: WritableStream, failure: () => Failure | undefined): void {
  const explain = async (closed: Promise<void>) => {
    try {
      await closed;
    } catch (error) {
      const known = failure();
      throw known ? known.error : error;
    }
  };
  // Set on the instance. Runtimes without streams couldn't load a subclass.
  const replaceClose = (of: { close(): Promise<void> }) => {
    const { close } = of;
    define(of, "close", () => explain(close.call(of)));
  };
  replaceClose(stream);
  const { getWriter } = stream;
  define(stream, "getWriter", () => {
    const writer = getWriter.call(stream);
    replaceClose(writer);
    return writer;
  });
}

function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
}
