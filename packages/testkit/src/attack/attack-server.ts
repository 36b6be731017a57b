import { Campaign } from "./campaign.ts";
import { AttackError } from "./errors.ts";
import { type AttackOptions, settingsOf } from "./options.ts";
import { type AttackResult, notMade } from "./result.ts";
import { selectAttacks } from "./select.ts";
import { isLoopback } from "./target.ts";

/**
 * Attacks a server as hostile clients would, while a client that means well, the victim, calls it.
 * Attacker and victim have processes of their own; both are bounded in time and memory, and gone when
 * this resolves.
 *
 * @param urls of the server: `ws:`, `wss:`, `http:` or `https:`. The endpoint of the other kind is
 *   looked for at the same host and path; a second URL says that it is elsewhere
 * @throws AttackError if a URL's host isn't this machine (unless `isOwnServer` is set), or if no
 *   server answers
 *
 * @example
 * ```ts
 * const results = await attackServer(["ws://127.0.0.1:8787/api"], { only: ["A", "B"] });
 * const hurt = results.filter(({ verdict }) => verdict === "hurt");
 * ```
 */
export async function attackServer(
  urls: readonly string[],
  options: AttackOptions = {},
): Promise<AttackResult[]> {
  const foreign = urls.find((url) => !isLoopback(url));
  if (foreign !== undefined && options.isOwnServer !== true) {
    throw new AttackError(
      "NOT_YOUR_HOST",
      `${foreign} isn't on this machine. Attack it only if it is yours: --i-own-this-server.`,
    );
  }
  const settings = settingsOf(options);
  const end = performance.now() + settings.total * 1_000;
  const campaign = new Campaign(urls, settings);
  const results: AttackResult[] = [];
  try {
    await campaign.begin();
    for (const attack of selectAttacks(settings.only, settings.exclude)) {
      const isOver = performance.now() > end;
      const result = isOver
        ? notMade(attack, "not run", "the time for all attacks was over")
        : await campaign.run(attack);
      results.push(result);
      options.onResult?.(result);
    }
  } finally {
    await campaign.end();
  }
  return results;
}
