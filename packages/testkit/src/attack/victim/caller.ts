import { WebSocket } from "ws";
import { noFigures } from "../attacker/figures.ts";
import { post } from "../attacker/post.ts";
import { call, pull, push } from "../messages.ts";
import type { Target } from "../target.ts";

/** A client that makes the same call again and again. A rejection is an answer, too. */
export interface Caller {
  /** @throws Error if the connection is lost */
  call(): Promise<void>;
  close(): void;
}

const CALL = call(0, ["echo"], "1");

/** Connects over a WebSocket where there is one, otherwise prepares batches. */
export async function openCaller(target: Pick<Target, "ws" | "http">): Promise<Caller> {
  return target.ws === undefined ? batches(target) : await session(target.ws);
}

/** Calls in one session. */
async function session(url: string): Promise<Caller> {
  const socket = new WebSocket(url, { rejectUnauthorized: false, handshakeTimeout: 5_000 });
  let lost: Error | undefined;
  let settle: { resolve(): void; reject(error: Error): void } | undefined;
  let id = 0;
  const lose = (error: Error) => {
    lost ??= error;
    settle?.reject(lost);
  };
  socket.on("error", lose);
  socket.on("close", (code, reason) => lose(new Error(`closed: ${code} ${reason}`.trim())));
  socket.on("message", (data) => {
    const isAnswer = new RegExp(`^\\["(?:resolve|reject)",${id},`, "m").test(String(data));
    if (isAnswer) settle?.resolve();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("close", () => reject(lost));
  });
  return {
    async call() {
      if (lost !== undefined) throw lost;
      id++;
      socket.send(push(CALL));
      socket.send(pull(id));
      await new Promise<void>((resolve, reject) => {
        settle = { resolve, reject };
      });
      socket.send(`["release",${id},1]`);
    },
    close: () => socket.terminate(),
  };
}

/** Calls in a batch each. */
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

/** Whether a newcomer gets an answer within a time, in milliseconds. */
export async function answers(
  target: Pick<Target, "ws" | "http">,
  timeout: number,
): Promise<boolean> {
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
  // A connection that opens late is closed then.
  attempted.then(() => caller?.close());
  return isAnswered;
}
