import type { RpcCompatible, RpcStub } from "@capnweb/core";
import { setOptionalTimeout } from "@capnweb/core/server";
import { CodedError } from "@capnweb/wire/coded";
import type { HostedSession } from "./hosted-session.ts";

/** Options of a broadcast. */
export interface BroadcastOptions {
  /** Milliseconds that each client has to answer. Default 10,000. */
  timeout?: number | undefined;
  /** Chooses the sessions. Default: all that are open, except for HTTP batches. */
  filter?: ((session: HostedSession) => boolean) | undefined;
}

/** The outcome of a broadcast. */
export interface BroadcastReport {
  /** The number of sessions whose client answered. */
  readonly delivered: number;
  /** The sessions whose client failed, left, or didn't answer in time, and the reason. */
  readonly failed: readonly { readonly session: HostedSession; readonly error: unknown }[];
}

/** A client didn't answer a broadcast in time. */
export class BroadcastTimeoutError extends CodedError {
  /** @param timeout milliseconds */
  constructor(timeout: number) {
    super(`The client didn't answer the broadcast within ${timeout} ms (the option "timeout").`);
  }

  /** The same for every error of this class. */
  get code(): "BROADCAST_TIMEOUT" {
    return "BROADCAST_TIMEOUT";
  }
}

const DEFAULT_TIMEOUT = 10_000;

/**
 * Calls the clients of sessions. One client's failure, or its silence, concerns no other.
 *
 * @param call calls a client, and returns the promise of its answer, which is disposed of
 */
export async function broadcast<T extends RpcCompatible<T>>(
  sessions: Iterable<HostedSession<T>>,
  call: (client: RpcStub<T>, session: HostedSession<T>) => unknown,
  { timeout = DEFAULT_TIMEOUT, filter = () => true }: BroadcastOptions,
): Promise<BroadcastReport> {
  const failed: { session: HostedSession; error: unknown }[] = [];
  let delivered = 0;
  const calls = [...sessions].map(async (session) => {
    const { client, medium } = session;
    if (!client || medium === "http") return;
    try {
      if (!filter(session)) return;
      await inTime(() => answered(call(client, session), client), timeout);
      delivered++;
    } catch (error) {
      failed.push({ session, error });
    }
  });
  await Promise.all(calls);
  return { delivered, failed };
}

/** Waits for an answer, however late, and disposes of it. The client's stub stays. */
async function answered(answer: unknown, client: unknown): Promise<void> {
  const result = await answer;
  if (Object(result) !== result || result === client) return;
  (result as Partial<Disposable>)[Symbol.dispose]?.();
}

/** @throws BroadcastTimeoutError if the answer takes too long; the error of `call` */
async function inTime(call: () => Promise<void>, timeout: number): Promise<void> {
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = setOptionalTimeout(() => reject(new BroadcastTimeoutError(timeout)), timeout);
  });
  try {
    await Promise.race([call(), late]);
  } finally {
    cancel();
  }
}
