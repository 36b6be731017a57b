import type { ScenarioPlayer } from "./scenario.ts";

/**
 * Hands the messages of a batch to a player, and ends the connection.
 *
 * @param reason the reason for the exchange's end
 */
export function hearBatch(
  { inbox, habits }: ScenarioPlayer,
  text: string,
  reason: string,
  isStrict = false,
): void {
  const isTerminated = !isStrict && text.endsWith("\n");
  if (isTerminated) habits.add("final newline");
  const messages = isTerminated ? text.slice(0, -1) : text;
  for (const message of messages === "" ? [] : messages.split("\n")) inbox.message(message);
  inbox.closed(reason);
}
