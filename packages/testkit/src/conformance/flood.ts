/** Most messages and characters in a scenario. The largest scenarios need a tenth. */
const MOST_MESSAGES = 20_000;
const MOST_CHARACTERS = 64 * 1024 * 1024;
/** Messages that are kept of a flood, and the characters of each. */
const KEPT_MESSAGES = 20;
const KEPT_CHARACTERS = 200;

/** True if a peer has sent more than any scenario needs. */
export function isFlood(messages: number, characters: number): boolean {
  return messages > MOST_MESSAGES || characters > MOST_CHARACTERS;
}

/** The beginning of a flood, for the report. */
export function excerptOf<Entry extends { readonly text: string }>(
  entries: readonly Entry[],
): Entry[] {
  return entries.slice(0, KEPT_MESSAGES).map((entry) => {
    if (entry.text.length <= KEPT_CHARACTERS) return entry;
    // A copy, because a slice would keep the whole text.
    const start = Buffer.from(entry.text.slice(0, KEPT_CHARACTERS)).toString();
    return { ...entry, text: `${start}…` };
  });
}
