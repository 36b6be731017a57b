import { CodedError } from "@capnweb/wire/coded";
import { handleIfStub } from "./model/handle.ts";
import { ErrorHook } from "./model/hook.ts";
import { BaseSession } from "./session/base-session.ts";
import { ImportHook } from "./session/import-entry.ts";
import type { RpcCompatible, RpcStub } from "./types/index.ts";

/** Options of {@link probe}. */
export interface ProbeOptions {
  /** Milliseconds that the answer may take. Default 10,000; `Infinity` for no limit. */
  readonly timeout?: number | undefined;
  /** Gives the probe up when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** A peer didn't answer a probe in time: it is stopped, too busy, or gone. */
export class ProbeTimeoutError extends CodedError {
  /** The same for every error of this class. */
  get code(): "PROBE_TIMEOUT" {
    return "PROBE_TIMEOUT";
  }

  /** @param timeout the milliseconds that the answer was waited for */
  constructor(timeout: number) {
    super(
      `The peer didn't answer a probe within ${timeout} ms (timeout): ` +
        "it is stopped, too busy, or gone.",
    );
  }
}

const DEFAULT_TIMEOUT = 10_000;
/** The longest delay of a timer. Runtimes replace a longer one with 1 ms. */
const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * Asks the peer's session for a sign of life, and waits for the answer. Every implementation of the
 * protocol answers, because the probe is an ordinary message (`["push", 1]`). No code of the peer's
 * application runs.
 *
 * A failed probe changes nothing: the session goes on, and a late answer is dropped. Dispose of the
 * main stub to end a session whose peer is gone.
 *
 * @param target a session, or a stub that a peer handed over: its session's peer is asked
 * @returns the milliseconds until the answer came. A refusal is an answer as well
 * @throws ProbeTimeoutError if no answer comes in time
 * @throws TypeError for a stub that isn't a peer's capability
 * @throws the reason of the session's end, or of the signal
 *
 * @example
 * ```ts
 * import { probe } from "@capnweb/core/probe";
 *
 * // The page is visible again. Does the server still answer?
 * try {
 *   console.log(`${await probe(api, { timeout: 3_000 })} ms`);
 * } catch {
 *   api[Symbol.dispose]();
 *   api = connect();
 * }
 * ```
 */
export async function probe<T extends RpcCompatible<T>>(
  target: BaseSession<T> | RpcStub<T>,
  options: ProbeOptions = {},
): Promise<number> {
  options.signal?.throwIfAborted();
  const stub = target instanceof BaseSession ? target.getRemoteMain() : target;
  const hook = handleIfStub(stub)?.hook.settled();
  if (!(hook instanceof ImportHook || hook instanceof ErrorHook)) {
    throw new TypeError("probe() takes a session, or a stub of a peer's capability.");
  }
  // The hook of a session that is over is its failure. A stub that was disposed of rejects too.
  const answer = (hook as ImportHook).live?.session.probe() ?? hook;
  const since = performance.now();
  let stop = () => {};
  let isAnswered = false;
  try {
    await new Promise<void>((resolve, reject) => {
      stop = giveUpLater(reject, options);
      const fail = (error: unknown) => {
        isAnswered = true;
        reject(error);
      };
      answer.pull({ resolve: () => resolve(), reject: fail });
    });
  } catch (error) {
    // A refusal is an answer as well, unless it is the end of the session.
    if (!isAnswered || answer === hook || hook.settled() instanceof ErrorHook) throw error;
  } finally {
    stop();
    if (answer !== hook) answer.dispose();
  }
  return performance.now() - since;
}

/**
 * Calls `giveUp` when the time is over, or the signal aborts.
 *
 * @returns a function that prevents it
 */
function giveUpLater(
  giveUp: (reason: unknown) => void,
  { timeout = DEFAULT_TIMEOUT, signal }: ProbeOptions,
): () => void {
  const onAbort = () => giveUp(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    const since = Date.now();
    timer = setTimeout(() => {
      // This process was stopped itself, so that the answer may still wait to be read.
      if (Date.now() - since > 2 * timeout) wait();
      else giveUp(new ProbeTimeoutError(timeout));
    }, timeout);
  };
  if (timeout <= LONGEST_DELAY) wait();
  return () => {
    signal?.removeEventListener("abort", onAbort);
    clearTimeout(timer);
  };
}
