import {
  RpcSession,
  type RpcSessionOptions,
  type Transport,
  type TransportReceiver,
} from "@capnweb/core";
import { joinLines, splitLines } from "@capnweb/wire";
import { batchEnded, HttpBatchError, messageOf, withoutStack } from "./errors.ts";

/**
 * Runs a batch: a session that takes in the messages of a body and ends when every result asked for
 * is there.
 *
 * @param main what the client gets as its main stub; the session owns it
 * @param readBody gives the body
 * @param onGone has its argument called when the client goes away; later than that does no harm
 * @returns the response's body
 * @throws HttpBatchError for a body that is no batch, and what `readBody` throws
 */
export async function runBatch(
  main: unknown,
  options: RpcSessionOptions,
  readBody: () => Promise<string>,
  onGone: (gone: () => void) => void,
): Promise<string> {
  const transport = new BatchServerTransport();
  const session = new RpcSession(transport, main, options);
  const { receiver } = transport;
  onGone(() => receiver.close(new HttpBatchError("DISCONNECTED", "The client went away.")));
  try {
    for (const message of splitLines(await readBody())) receiver.receive(message);
    receiver.end(
      withoutStack(
        "NO_ANSWER",
        "The client of an HTTP batch can't answer. Call it over a WebSocket.",
      ),
    );
    await session.drain();
    return joinLines(transport.sent);
  } catch (reason) {
    if (!transport.hasFailed) throw reason;
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
  hasFailed = false;

  start(receiver: TransportReceiver): void {
    this.receiver = receiver;
  }

  send(message: string): void {
    this.sent.push(message);
  }

  abort(): void {
    this.hasFailed = true;
  }
}
