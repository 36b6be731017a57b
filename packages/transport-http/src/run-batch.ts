import { LimitError, RpcSession, type Transport, type TransportReceiver } from "@capnweb/core";
import type { Documents } from "@capnweb/wire";
import { afterMicrotasks } from "./after-microtasks.ts";
import { batchEnded, HttpBatchError, messageOf, noAnswer } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { MessageFeed } from "./message-feed.ts";
import { ResponseBuffer } from "./response-buffer.ts";
import type { BatchSettings } from "./settings.ts";

/** Facts about a batch that its headers tell. */
export interface BatchHeaders {
  /** True if the client is of this library, and takes the codes of its errors. */
  readonly isAnnounced: boolean;
  /** The documents that the client knows. */
  readonly documents: Documents | undefined;
  /** The context of the calls; see `Transport.received`. */
  readonly received: object | undefined;
}

/**
 * Runs a batch: a session that takes in the messages of a body, and that ends when every requested
 * result is there.
 *
 * @param main the client's main object; the session owns it
 * @param exchange ends the session when interrupted
 * @param headers the facts that the request's headers tell
 * @returns the response's body
 * @throws HttpBatchError for a body that is no batch, or a response that is too large; the reason
 *   of an interrupt
 */
export async function runBatch(
  body: string,
  main: unknown,
  { session: options, maxResponseSize }: BatchSettings,
  exchange: Exchange,
  { isAnnounced, documents, received }: BatchHeaders,
): Promise<string> {
  const sent = new ResponseBuffer(maxResponseSize, exchange.held);
  const feed = new MessageFeed();
  let receiver!: TransportReceiver;
  let count = 0;
  let hasStreams = false;
  /** Set if the session failed because of the client's messages. */
  let hasFailed = false;
  const { network } = exchange;
  const own = network === undefined ? options : { ...options, network };
  const transport: Transport = {
    announces: false,
    peerAnnounced: isAnnounced,
    peerDocuments: documents,
    received,
    start(to) {
      receiver = to;
    },
    send(message: string) {
      count++;
      hasStreams ||= message === PIPE;
      try {
        sent.add(message);
      } catch (error) {
        exchange.interrupt(error as HttpBatchError);
        throw error;
      }
    },
    pause: () => feed.pause(),
    resume: () => feed.resume(),
    abort() {
      hasFailed = true;
      feed.stop();
    },
  };
  const session = new RpcSession(transport, main, own);
  exchange.onInterrupt((reason) => {
    feed.stop();
    receiver.close(reason);
    // Ends the session at once. The close alone would come after the messages that still wait.
    session.getRemoteMain()[Symbol.dispose]();
  });
  try {
    await fed(feed, body, receiver);
    await session.drain();
    if (hasStreams) await untilConstant(() => count);
    if (exchange.reason) throw exchange.reason;
    return sent.toString();
  } catch (reason) {
    throw exchange.reason ?? (hasFailed ? failure(reason) : reason);
  } finally {
    receiver.close(batchEnded);
    sent.clear();
  }
}

/** Hands in the whole body. The session takes most bodies in at once. */
function fed(
  feed: MessageFeed,
  body: string,
  receiver: TransportReceiver,
): Promise<void> | undefined {
  let isOver = false;
  let whenOver = () => {};
  feed.start(body, receiver, () => {
    isOver = true;
    receiver.end(noAnswer);
    whenOver();
  });
  if (isOver) return undefined;
  return new Promise((resolve) => {
    whenOver = resolve;
  });
}

/** The error of a session whose peer broke the protocol. */
function failure(reason: unknown): HttpBatchError {
  const limit = reason instanceof LimitError ? reason.limit : undefined;
  const options = { cause: reason, status: statusOf(reason), limit };
  return new HttpBatchError("NOT_A_BATCH", `The batch failed: ${messageOf(reason)}`, options);
}

function statusOf(reason: unknown): number {
  if (!(reason instanceof LimitError)) return 400;
  return reason.limit === "maxProcessHeldBytes" ? 503 : 413;
}

/** The message that opens a stream to the client. */
const PIPE = '["pipe"]';

/**
 * Resolves when no message was sent for a turn of the event loop. By then, the streams in the
 * results wait for something, have filled their windows, or are over. The rest of them can't be
 * part of this response.
 */
async function untilConstant(count: () => number): Promise<void> {
  let known: number;
  do {
    known = count();
    await new Promise<void>((resolve) => afterMicrotasks(resolve));
  } while (count() > known);
}
