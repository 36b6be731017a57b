import type { Attack } from "./attack.ts";
import { Campaign } from "./campaign.ts";
import { AttackError } from "./errors.ts";
import { type AttackOptions, type Settings, settingsOf } from "./options.ts";
import { attackPorts } from "./ports/attack-ports.ts";
import { type AttackResult, notMade } from "./result.ts";
import { selectAttacks } from "./select.ts";
import { ServerCommand } from "./server/command.ts";
import { isLoopback, isModule } from "./target.ts";

/**
 * Attacks a server as hostile clients would, while a well-behaved client, the victim, calls it.
 * Attacker and victim have processes of their own, which are bounded in time and memory, and have
 * ended when the returned promise settles.
 *
 * @param urls the server's URLs: `ws:`, `wss:`, `http:` or `https:`. Over WebTransport, pass one
 *   URL only. The endpoint of the other kind is expected at the same host and path; pass a second
 *   URL if it is elsewhere. Alternatively, the `file:` URL of a module whose default export serves
 *   a `MessagePort`: server, attacker and victim then become threads of a process of their own
 * @param options the attacks to make, their duration, and the limits of the verdicts
 * @returns the results, in the order of the attacks
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
  const settings = settingsOf(options, isModule(urls[0]!));
  const end = performance.now() + settings.total * 1_000;
  const results: AttackResult[] = [];
  const take = (result: AttackResult) => {
    results.push(result);
    options.onResult?.(result);
  };
  const attacks = selectAttacks(settings.only, settings.exclude);
  const made = isModule(urls[0]!)
    ? attackPorts(urls[0]!, settings, attacks)
    : attackUrls(urls, settings, attacks);
  const hasTime = () => performance.now() < end;
  if (hasTime()) {
    for await (const result of made) {
      take(result);
      if (!hasTime()) break;
    }
  }
  for (const attack of attacks.slice(results.length)) {
    take(notMade(attack, "not run", "the time for all attacks was over"));
  }
  return results;
}

async function* attackUrls(
  urls: readonly string[],
  settings: Settings,
  attacks: readonly Attack[],
): AsyncGenerator<AttackResult> {
  const server = settings.start === undefined ? undefined : new ServerCommand(settings.start);
  const campaign = new Campaign(urls, settings, server);
  try {
    await campaign.begin();
    for (const attack of attacks) yield await campaign.run(attack);
  } finally {
    await campaign.end();
  }
}
