import { type Transport, wrapTransport } from "@capnweb/core";

/**
 * Makes a transport that has frames already hand them in after the turn of its start. By then, the
 * session has its main object, or waits for it.
 *
 * @param inner the result owns it
 */
export function startLater(inner: Transport): Transport {
  let isOver = false;
  return wrapTransport(inner, {
    start(receiver) {
      queueMicrotask(() => {
        if (isOver) return;
        try {
          inner.start(receiver);
        } catch (error) {
          receiver.close(error);
        }
      });
    },
    abort(reason) {
      isOver = true;
      inner.abort(reason);
    },
  });
}
