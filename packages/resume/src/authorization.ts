import type { AcceptInfo } from "./accepted.ts";
import type { Clock } from "./clock.ts";
import { ResumeError } from "./errors.ts";

/** Default of `authorizeTimeout`, in milliseconds. */
const DEFAULT_AUTHORIZE_TIMEOUT = 10_000;

/**
 * Asks the application whether the peer of a connection may go on with a session.
 *
 * @param previous the facts about the session's latest connection
 * @param timeout milliseconds
 * @throws ResumeError if the decision takes too long; the error of `authorize`
 */
export async function isAuthorized<I>(
  info: AcceptInfo<I>,
  previous: AcceptInfo<I>,
  clock: Clock,
  timeout: number = DEFAULT_AUTHORIZE_TIMEOUT,
): Promise<boolean> {
  if (!info.authorize) return Object.is(info.identity, previous.identity);
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    if (timeout === Number.POSITIVE_INFINITY) return;
    const message = `The server didn't decide within ${timeout} ms (authorizeTimeout).`;
    cancel = clock.after(timeout, () => reject(new ResumeError("RESUME_REFUSED", message)));
  });
  try {
    return await Promise.race([info.authorize(previous), late]);
  } finally {
    cancel();
  }
}
