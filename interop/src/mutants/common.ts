import { isSettlement } from "./changes.ts";
import type { Mutate } from "./mutation.ts";

/** Changes the messages that a mutant sends. */
export const sending =
  (change: (message: any[]) => readonly unknown[]): Mutate =>
  () => ({ send: change });

/** Replaces each message that a mutant sends. */
export const replacing = (change: (message: any[]) => unknown): Mutate =>
  sending((message) => [change(message)]);

/** Changes the messages that a mutant receives. */
export const receiving =
  (change: (message: any[]) => readonly unknown[]): Mutate =>
  () => ({ receive: change });

/** Changes the results and failures that a mutant sends. */
export const settling = (change: (message: any[]) => unknown): Mutate =>
  replacing((message) => (isSettlement(message) ? change(message) : message));

/** Drops received messages with a tag. */
export const ignoring = (tag: string): Mutate =>
  receiving((message) => (message[0] === tag ? [] : [message]));

/** Drops messages with a tag, instead of sending them. */
export const withholding = (tag: string): Mutate =>
  sending((message) => (message[0] === tag ? [] : [message]));

/** Changes only the first sent message that the change applies to. */
export const once =
  (change: (message: any[]) => readonly unknown[] | undefined): Mutate =>
  () => {
    let isDone = false;
    return {
      send(message) {
        const changed = isDone ? undefined : change(message);
        if (changed !== undefined) isDone = true;
        return changed ?? [message];
      },
    };
  };

/** Sends one more message, some time after the first one for which `isIt` holds. */
export const afterFirst =
  (
    isIt: (message: any[]) => boolean,
    milliseconds: number,
    more: (message: any[]) => unknown,
  ): Mutate =>
  ({ say, later }) => {
    let isDone = false;
    return {
      send(message) {
        if (isIt(message) && !isDone) {
          isDone = true;
          later(milliseconds, () => say(more(message)));
        }
        return [message];
      },
    };
  };

/** Delays every message for which `isLate` holds, and keeps their order. */
export const late =
  (milliseconds: number, isLate: (message: any[]) => boolean): Mutate =>
  ({ say, later }) => ({
    send(message) {
      if (!isLate(message)) return [message];
      later(milliseconds, () => say(message));
      return [];
    },
    end: (close) => later(milliseconds, close),
  });

/** Makes a stream's writer believe at once that each chunk was taken. */
export const writingAhead: Mutate = ({ hear }) => {
  let introduced = 0;
  const writes = new Set<number>();
  return {
    send(message) {
      if (message[0] === "push" || message[0] === "pipe") introduced++;
      if (message[0] !== "stream") return [message];
      const id = ++introduced;
      if (message[1]?.[2]?.[0] === "write") {
        writes.add(id);
        queueMicrotask(() => hear(["resolve", id, ["undefined"]]));
      }
      return [message];
    },
    receive: (message) => (isSettlement(message) && writes.has(message[1]) ? [] : [message]),
  };
};

/** Holds a message back until the one after it was sent. */
export const swapping = (isIt: (message: any[]) => boolean): Mutate => {
  return () => {
    let held: unknown;
    let isDone = false;
    return {
      send(message) {
        if (isDone || !isIt(message)) return [message];
        if (held === undefined) {
          held = message;
          return [];
        }
        isDone = true;
        return [message, held];
      },
    };
  };
};

/** Releases what the kit exports as soon as it arrives, and not again. */
export const releasingEarly: Mutate = ({ say }) => ({
  receive(message) {
    for (const [, id] of JSON.stringify(message).matchAll(/\["export",(-\d+)\]/g)) {
      say(["release", Number(id), 1]);
    }
    return [message];
  },
  send: (message) => (message[0] === "release" && message[1] < 0 ? [] : [message]),
});
