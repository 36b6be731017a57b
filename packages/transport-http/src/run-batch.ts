import {
  RpcSession,
  type RpcSessionOptions,
  type Transport,
  type TransportReceiver,
} from "@capnweb/core";
import { joinLines, splitLines } from "@capnweb/wire";
import { batchEnded, HttpBatchError, messageOf } from "./errors.ts";

/**
 * Runs a batch: a session that takes in the messages of `body` and ends when every result asked for
 * is there.
 *
 * @param main what the client gets as its main stub; the session owns it
 * @param abandoned rejects when the answer is no longer wanted
 * @returns the response's body
 * @throws HttpBatchError for a body that is no batch
 */
export async function runBatch(
  body: string,
  main: unknown,
  options: RpcSessionOptions | undefined,
  abandoned?: Promise<never>,
): Promise<string> {
  const transport = new BatchServerTransport();
  const session = new RpcSession(transport, main, options);
  const { receiver } = transport;
  abandoned?.catch((reason: unknown) => receiver.close(reason));
  try {
    for (const message of splitLines(body)) receiver.receive(message);
    receiver.end(
      new HttpBatchError(
        "NO_ANSWER",
        "The client of an HTTP batch can't answer. Use a WebSocket for calls to the client.",
      ),
    );
    await session.drain();
    return joinLines(transport.sent);
  } catch (reason) {
    if (!transport.failure) throw reason;
    throw new HttpBatchError("NOT_A_BATCH", `The batch failed: ${messageOf(reason)}`, {
      cause: reason,
    });
  } finally {
    receiver.close(batchEnded());
  }
}

class BatchServerTransport implements Transport {
  readonly announces = false;
  readonly sent: string[] = [];
  receiver!: TransportReceiver;
  /** Set when the session failed because of what the client sent. */
  failure: { reason: unknown } | undefined;

  start(receiver: TransportReceiver): void {
    this.receiver = receiver;
  }

  send(message: string): void {
    this.sent.push(message);
  }

  abort(reason: unknown): void {
    this.failure = { reason };
  }
}
