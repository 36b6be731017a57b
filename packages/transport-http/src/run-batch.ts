import {
  RpcSession,
  type RpcSessionOptions,
  type Transport,
  type TransportReceiver,
} from "@capnweb/core";
import { joinLines, splitLines } from "@capnweb/wire";
import { batchEnded, HttpBatchError, messageOf, noAnswer } from "./errors.ts";

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
  const sent: string[] = [];
  let receiver!: TransportReceiver;
  /** Set when the session failed because of what the client sent. */
  let hasFailed = false;
  const transport: Transport = {
    announces: false,
    start(to) {
      receiver = to;
    },
    send(message: string) {
      sent.push(message);
    },
    abort() {
      hasFailed = true;
    },
  };
  const session = new RpcSession(transport, main, options);
  onGone(() => receiver.close(new HttpBatchError("DISCONNECTED", "The client went away.")));
  try {
    for (const message of splitLines(await readBody())) receiver.receive(message);
    receiver.end(noAnswer);
    await session.drain();
    return joinLines(sent);
  } catch (reason) {
    if (!hasFailed) throw reason;
    throw new HttpBatchError("NOT_A_BATCH", `The batch failed: ${messageOf(reason)}`, {
      cause: reason,
    });
  } finally {
    receiver.close(batchEnded);
  }
}
