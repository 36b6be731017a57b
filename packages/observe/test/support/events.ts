import { onTestFinished } from "vitest";
import { channels } from "../../src/index.ts";

const TRACED = ["call", "serve", "session", "connect"] as const;
const EVENTS = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;

/** Notes everything that the channels publish, until the test is over. */
export function listen() {
  const events: { name: string; event: any }[] = [];
  for (const channel of TRACED) {
    const subscribers = Object.fromEntries(
      EVENTS.map((name) => [
        name,
        (event: unknown) => events.push({ name: `${channel} ${name}`, event }),
      ]),
    );
    channels[channel].subscribe(subscribers);
    onTestFinished(() => channels[channel].unsubscribe(subscribers));
  }
  for (const channel of ["message", "limit"] as const) {
    const subscriber = (event: unknown) => void events.push({ name: channel, event });
    channels[channel].subscribe(subscriber);
    onTestFinished(() => channels[channel].unsubscribe(subscriber));
  }
  return {
    events,
    names: (channel: string) =>
      events.map(({ name }) => name).filter((name) => name.startsWith(channel)),
    of: (name: string) => events.filter((each) => each.name === name).map(({ event }) => event),
  };
}
