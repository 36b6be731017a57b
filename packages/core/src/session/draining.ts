import type { ErrorHook } from "../model/hook.ts";
import type { Answers } from "./answers.ts";
import type { Lifetime } from "./lifetime.ts";
import type { Outbox } from "./outbox.ts";

/** A session whose answers may be awaited. */
export interface DrainingSession {
  readonly lifetime: Lifetime;
  readonly outbox: Outbox;
  readonly answers: Answers;
  /** True if messages wait to be handled, which may ask for more results. */
  readonly isWaiting: boolean;
}

/** Calls `callback` once every requested result has been sent, or the session is over. */
export function whenDrained(
  session: DrainingSession,
  callback: (over: ErrorHook | undefined) => void,
): void {
  const { answers, lifetime, outbox } = session;
  answers.watchers ??= new Set();
  const { watchers } = answers;
  const look = () => {
    if (!lifetime.over && (answers.pending > 0 || session.isWaiting)) return;
    watchers.delete(look);
    if (!lifetime.over) outbox.flush();
    callback(lifetime.over);
  };
  watchers.add(look);
  look();
}
