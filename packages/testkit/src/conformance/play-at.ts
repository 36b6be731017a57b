import { hearBatch } from "./batch.ts";
import { ConformanceError } from "./errors.ts";
import { Inbox } from "./inbox.ts";
import { post } from "./post.ts";
import { Probe } from "./probe.ts";
import type { RunOptions } from "./run-options.ts";
import type { RunTime } from "./run-time.ts";
import type { Scenario, ScenarioPlayer } from "./scenario.ts";
import { inTime, scenarioTime } from "./time-limit.ts";
import { connect } from "./websocket.ts";

/** The options of a run, and its time. */
interface PlayOptions extends Pick<RunOptions, "timeout" | "linger" | "strict"> {
  readonly runTime: RunTime;
}

/** True if a server at a URL is tested with batches. */
export function isBatchUrl(url: string): boolean {
  return /^https?:/.test(url);
}

/**
 * Plays the client of a scenario at a server, on a new connection or in a new request.
 *
 * @param played called when only surplus messages can still come
 * @throws ConformanceError if the server deviates; RunOverError if the run's time is over
 */
export async function playAt(
  url: string,
  scenario: Scenario,
  player: ScenarioPlayer,
  options: PlayOptions,
  played: () => void = () => {},
): Promise<void> {
  if (isBatchUrl(url)) await playBatch(url, scenario, player, options);
  else await playSession(url, scenario, player, options, played);
}

async function playSession(
  url: string,
  { delivery, survives }: Scenario,
  player: ScenarioPlayer,
  { runTime, timeout = 5000, linger = 100 }: PlayOptions,
  played: () => void,
): Promise<void> {
  const connection = await connect(url, player.inbox, timeout, delivery);
  try {
    await runTime.within(async () => {
      await inTime(() => player.play(connection), scenarioTime(timeout));
      if (survives) await answersAnother(url, timeout);
    });
    played();
    await player.linger(linger);
  } finally {
    connection.close();
  }
}

/** @throws ConformanceError unless the server takes another connection, and answers a call */
async function answersAnother(url: string, timeout: number): Promise<void> {
  const inbox = new Inbox(timeout);
  const connection = await connect(url, inbox, timeout).catch((cause) => {
    throw new ConformanceError(`the server is gone: ${cause.message}`, { cause });
  });
  try {
    await new Probe(inbox, connection, 0).ask();
  } finally {
    connection.close();
  }
}

async function playBatch(
  url: string,
  { lines }: Scenario,
  player: ScenarioPlayer,
  { runTime, timeout = 5000, strict: isStrict }: PlayOptions,
): Promise<void> {
  const messages = lines.flatMap(({ from, after, text }) =>
    from === "client" && after === 0 && text !== undefined ? [text] : [],
  );
  for (const text of messages) player.inbox.said(text);
  const answer = await runTime.within(() => post(url, messages.join("\n"), timeout));
  hearBatch(player, answer, "the response was over", isStrict);
  await player.checkAll();
}
