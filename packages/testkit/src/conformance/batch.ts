import type { Player } from "./player.ts";

/**
 * Hands a player the messages of a batch, which is over then.
 *
 * @param reason what ended the exchange
 */
export function hearBatch(
  { inbox, habits }: Player,
  text: string,
  reason: string,
  isStrict = false,
) {
  const lines = text.split("\n");
  if (lines.at(-1) === "") {
    lines.pop();
    // Of an empty text, nothing is left.
    if (text !== "" && !isStrict) habits.add("final newline");
    else if (text !== "") lines.push("");
  }
  for (const line of lines) inbox.message(isStrict ? line : line.replace(/\r$/, ""));
  inbox.closed(reason);
}
