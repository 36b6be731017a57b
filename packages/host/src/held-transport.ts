import { type Transport, type TransportReceiver, wrapTransport } from "@capnweb/core";
import { CodedError } from "@capnweb/wire/coded";

/** Most frames that are kept for a session that isn't there yet, and their size together. */
const MOST_FRAMES = 1_024;
const MOST_BYTES = 1024 * 1024;

/** The peer sent more than a server keeps before it has decided on the session. */
export class EarlyFramesError extends CodedError {
  constructor() {
    super("The client sent more than 1 MiB or 1,024 frames before the server had accepted it.");
  }

  /** The same for every error of this class. */
  get code(): "EARLY_FRAMES" {
    return "EARLY_FRAMES";
  }
}

/**
 * Starts a transport before there is a session for it, because a transport that isn't started may
 * lose the frames that arrive. Keeps the frames, and the end, for the session.
 *
 * @param inner the result owns it
 * @param onOver called once, when the transport has ended
 * @returns a transport for the session
 */
export function holdTransport(inner: Transport, onOver: () => void): Transport {
  const waiting: ((to: TransportReceiver) => void)[] = [];
  let size = 0;
  let receiver: TransportReceiver | undefined;
  let isOver = false;
  const hold = (event: (to: TransportReceiver) => void) => {
    if (receiver) event(receiver);
    else waiting.push(event);
  };
  const close = (reason: unknown) => {
    hold((to) => to.close(reason));
    over();
  };
  const over = () => {
    if (isOver) return;
    isOver = true;
    onOver();
  };
  inner.start({
    receive(frame) {
      if (isOver) return;
      if (!receiver) {
        size += sizeOf(frame);
        if (size > MOST_BYTES || waiting.length >= MOST_FRAMES) {
          waiting.length = 0;
          const error = new EarlyFramesError();
          inner.abort(error);
          close(error);
          return;
        }
      }
      hold((to) => to.receive(frame));
    },
    end: (reason) => hold((to) => to.end(reason)),
    close,
    probe: () => receiver?.probe?.(),
  });
  inner.pause?.();
  return wrapTransport(inner, {
    abort(reason) {
      over();
      inner.abort(reason);
      // The host may close a connection that nothing has been said on.
      receiver?.close(reason);
    },
    start(to) {
      receiver = to;
      // The session hands its first frames out after this method has returned.
      for (const event of waiting.splice(0)) event(to);
      inner.resume?.();
    },
  });
}

function sizeOf(frame: unknown): number {
  return typeof frame === "string" || frame instanceof Uint8Array ? frame.length : 1_024;
}
