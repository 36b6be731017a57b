import { defineHidden } from "@capnweb/wire/internal";

/** The failure of a stream. */
export interface Failure {
  readonly error: unknown;
}

/**
 * Makes `close()` of a stream and of its writers reject with the error because of which the stream
 * failed. The platform's own error only says that the stream isn't writable any more.
 *
 * @param sink has the failure, once there is one
 */
export function explainClose(
  stream: WritableStream,
  sink: { readonly failure: Failure | undefined },
): void {
  const explain = async (closed: Promise<void>) => {
    try {
      await closed;
    } catch (error) {
      throw sink.failure ? sink.failure.error : error;
    }
  };
  // Set on the instance. Runtimes without streams couldn't load a subclass.
  const replaceClose = (of: { close(): Promise<void> }) => {
    const { close } = of;
    defineHidden(of, "close", () => explain(close.call(of)));
  };
  replaceClose(stream);
  const { getWriter } = stream;
  defineHidden(stream, "getWriter", () => {
    const writer = getWriter.call(stream);
    replaceClose(writer);
    return writer;
  });
}
