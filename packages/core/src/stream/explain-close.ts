/** Why a stream has failed. */
export interface Failure {
  readonly error: unknown;
}

/**
 * Has `close()` of a stream and of its writers reject with the error because of which the stream
 * has failed. The platform's own only says that the stream isn't writable any more.
 *
 * @param failure gives the failure, once there is one
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
  // On the instance rather than in a subclass, which runtimes without streams couldn't load.
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
