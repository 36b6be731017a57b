import { noFigures } from "../attacker/figures.ts";
import { post } from "../attacker/post.ts";
import type { ConnectionEvents } from "../media/connection.ts";
import { hasSessions, openConnection } from "../media/open.ts";
import { call, pull, push } from "../messages.ts";
import type { Target } from "../target.ts";

/** A client that repeats the same call. A rejection counts as an answer. */
export interface Caller {
  /**
   * Calls once, and waits for the answer.
   *
   * @throws Error if the connection is lost
   */
  call(): Promise<void>;
  close(): void;
}

const CALL = call(0, ["echo"], "1");

/** The parts of a target that a victim calls. */
export type Callable = Pick<Target, "ws" | "wt" | "port" | "http">;

/** Opens a session if the target has sessions, otherwise prepares batches. */
export async function openCaller(target: Callable): Promise<Caller> {
  return hasSessions(target) ? await session(target) : batches(target);
}

/** Calls in one session. */
async function session({ ws, wt, port }: Callable): Promise<Caller> {
  const over = new AbortController();
  let lost: Error | undefined;
  let settle: { resolve(): void; reject(error: Error): void } | undefined;
  let id = 0;
  const events: ConnectionEvents = {
    message(text) {
      const isAnswer = new RegExp(`^\\["(?:resolve|reject)",${id},`, "m").test(text ?? "");
      if (isAnswer) settle?.resolve();
    },
    closed(way) {
      lost ??= new Error(`closed: ${way}`);
      settle?.reject(lost);
    },
  };
  const timer = setTimeout(() => over.abort(), 5_000);
  // Doesn't use the attackers' address.
  const connection = await openConnection({ ws, wt, port }, events, { signal: over.signal });
  clearTimeout(timer);
  return {
    async call() {
      if (lost !== undefined) throw lost;
      id++;
      connection.send(push(CALL));
      connection.send(pull(id));
      await new Promise<void>((resolve, reject) => {
        settle = { resolve, reject };
      });
      connection.send(`["release",${id},1]`);
    },
    close: () => connection.terminate(),
  };
}

/** Sends each call in a batch of its own. */
function batches(target: Pick<Target, "http">): Caller {
  const over = new AbortController();
  return {
    async call() {
      const answer = await post(target, `${push(CALL)}\n${pull(1)}`, noFigures(), over.signal);
      if (answer === undefined) throw new Error("a batch got no answer");
      if (!/^\["(?:resolve|reject)",1,/m.test(answer.body)) {
        throw new Error(`a batch was answered with status ${answer.status}`);
      }
    },
    close: () => over.abort(),
  };
}

/** True if a new client gets an answer within a time in milliseconds. */
export async function answers(target: Callable, timeout: number): Promise<boolean> {
  let caller: Caller | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const attempt = async () => {
    caller = await openCaller(target);
    if (isOver) return false;
    await caller.call();
    return true;
  };
  const expired = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeout);
  });
  const attempted = attempt().catch(() => false);
  const isAnswered = await Promise.race([attempted, expired]);
  isOver = true;
  clearTimeout(timer);
  caller?.close();
  // Closes a connection that opens late.
  attempted.then(() => caller?.close());
  return isAnswered;
}
