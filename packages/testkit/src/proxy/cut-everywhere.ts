import type { Side } from "../transcript/transcript.ts";
import type { CutKind, ProxyCut } from "./cut.ts";

/** A run of a program over a connection that may be cut. */
export interface CutRun {
  /** Everything that a user could notice, as text. */
  readonly outcome: string;
  /** The number of messages that each side sent over the connection that is cut. */
  readonly messages: Readonly<Record<Side, number>>;
  /** True if the connection was cut. A run may end before it reaches the place. */
  readonly isCut: boolean;
}

/** The choice of cuts for {@link cutEverywhere}. */
export interface CutEverywhereOptions {
  /** One of so many cuts is tried, and at least one of each program. Default 1: each. */
  readonly every?: number | undefined;
  /** The first cut that is tried. Give each program another one. Default 0. */
  readonly offset?: number | undefined;
  /** The kinds of cuts, which take turns. Default: `"close"` and `"reset"`. */
  readonly kinds?: readonly CutKind[] | undefined;
}

/** The result of {@link cutEverywhere}. */
export interface CutReport {
  /** The run without a cut. */
  readonly whole: CutRun;
  /** The number of runs with a cut. */
  readonly runs: number;
  /** The number of runs that reached their cut. */
  readonly reached: number;
  /** The runs whose outcome was another one, or that failed. */
  readonly failures: readonly CutFailure[];
}

/** A cut that changed the outcome. */
export interface CutFailure {
  readonly cut: ProxyCut;
  /** The outcome, or the error of a run that failed. */
  readonly outcome: unknown;
}

const SIDES: readonly Side[] = ["client", "server"];
const PLACES = ["before", "within", "after"] as const;

/**
 * Runs a program once without a cut, and then once for each place at which its connection can be
 * cut: before, within and after each message of either side. A program whose sessions outlive their
 * connections has the same outcome each time.
 *
 * @param run runs the program over a new connection, which is cut at the given place
 * @returns the differences. The cause of each is found with its `cut` alone
 * @throws the error of the run without a cut
 *
 * @example
 * ```ts
 * const { failures } = await cutEverywhere(async (cut) => {
 *   const opened = proxy.nextConnection();
 *   const client = connectTo(proxy.url);
 *   const connection = await opened;
 *   if (cut) connection.cutAt(cut);
 *   const outcome = JSON.stringify(await client.run());
 *   const messages = {
 *     client: connection.sentBy("client").messages,
 *     server: connection.sentBy("server").messages,
 *   };
 *   const { isClosed: isCut } = connection;
 *   await client.close();
 *   return { outcome, messages, isCut };
 * });
 * assert.deepEqual(failures, []);
 * ```
 */
export async function cutEverywhere(
  run: (cut: ProxyCut | undefined) => Promise<CutRun>,
  options: CutEverywhereOptions = {},
): Promise<CutReport> {
  const { every = 1, offset = 0, kinds = ["close", "reset"] } = options;
  const whole = await run(undefined);
  const failures: CutFailure[] = [];
  let runs = 0;
  let reached = 0;
  const places = cutsOf(whole.messages);
  const first = offset % Math.max(1, Math.min(every, places.length));
  for (let i = first; i < places.length; i += every) {
    const cut = { ...places[i]!, kind: kinds[Math.floor(i / every) % kinds.length] };
    runs++;
    try {
      const { outcome, isCut } = await run(cut);
      if (isCut) reached++;
      if (outcome !== whole.outcome) failures.push({ cut, outcome });
    } catch (error) {
      failures.push({ cut, outcome: error });
    }
  }
  return { whole, runs, reached, failures };
}

function cutsOf(messages: CutRun["messages"]): ProxyCut[] {
  return SIDES.flatMap((from) =>
    Array.from({ length: messages[from] }, (_, i) => i + 1).flatMap((message) =>
      PLACES.map((at) => ({ from, message, at })),
    ),
  );
}
