import type { Transcript } from "../transcript/transcript.ts";
import { hearBatch } from "./batch.ts";
import { ConformanceError, isUnreachable, reasonOf, UnreachableError } from "./errors.ts";
import { Player } from "./player.ts";
import { resultOf, type ScenarioResult, skippedResult } from "./result.ts";
import { type Selection, select } from "./select.ts";
import { Slots } from "./slots.ts";
import { connect } from "./websocket.ts";

/** Options of {@link testServer}. */
export interface ServerTestOptions extends Selection {
  /** Milliseconds that the server has for a message. Default 5000. */
  readonly timeout?: number | undefined;
  /**
   * Whether the server must behave exactly as recorded, without habits of its own. Default `false`.
   */
  readonly strict?: boolean | undefined;
  /**
   * Milliseconds after a scenario during which nothing else may come. The next scenarios run
   * meanwhile. Default 100.
   */
  readonly linger?: number | undefined;
  /** The number of scenarios to run at once. Default 1. */
  readonly parallel?: number | undefined;
  /** Called with each result when it is there. */
  readonly onResult?: ((result: ScenarioResult) => void) | undefined;
}

/** Most finished scenarios whose connections are still listened to. */
const LINGERING = 64;

/**
 * Tests a server that offers the application of docs/conformance.md. Plays the client of each
 * scenario on a new connection, or, over HTTP, in a new request.
 *
 * @param url the server's `ws:`, `wss:`, `http:` or `https:` URL. Over HTTP, only scenarios that
 *   fit into a batch run
 * @param transcripts the scenarios by id, as `loadTranscripts` returns them
 * @param options the selection, and the times that the server has
 * @returns the results, in the order of the transcripts
 * @throws UnreachableError if there is no server at the beginning
 *
 * @example
 * ```ts
 * const results = await testServer("ws://127.0.0.1:8787/api", await loadTranscripts());
 * ```
 */
export async function testServer(
  url: string,
  transcripts: readonly Transcript[],
  options: ServerTestOptions = {},
): Promise<ScenarioResult[]> {
  const { parallel = 1, timeout = 5000, strict: isStrict, onResult } = options;
  const isBatch = isBatchUrl(url);
  const playing = new Slots(parallel);
  const lingering = new Slots(parallel + LINGERING);
  const results: Promise<ScenarioResult>[] = [];
  let gone: UnreachableError | undefined;
  const selected = select(transcripts, "server", { ...options, batch: isBatch || options.batch });
  for (const transcript of selected) {
    await Promise.all([playing.take(), lingering.take()]);
    const played = once(() => playing.give());
    const player = new Player(transcript, "client", { timeout, isStrict });
    const skip = reasonToSkip(transcript, gone);
    const run = () =>
      (isBatch
        ? playBatch(url, transcript, player, options)
        : playSession(url, player, options, played)
      ).catch(noteGone);
    const result =
      skip === undefined
        ? resultOf(transcript, player, run)
        : Promise.resolve(skippedResult(transcript, skip));
    results.push(
      result.then((each) => {
        played();
        lingering.give();
        onResult?.(each);
        return each;
      }),
    );
  }
  const all = await Promise.all(results);
  // Reports a server that was never there as one error, not one per scenario.
  if (gone !== undefined && !all.some(isRun)) throw gone;
  return all;

  function noteGone(error: unknown): never {
    if (error instanceof UnreachableError) gone ??= error;
    throw error;
  }

  function isRun({ failure, skipped }: ScenarioResult): boolean {
    return skipped === undefined && failure !== gone?.message;
  }
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) run();
    isDone = true;
  };
}

/**
 * The reason for skipping a scenario. A server under test starts once, without the options that
 * some recordings were made with.
 */
function reasonToSkip({ onSendError }: Transcript, gone: Error | undefined): string | undefined {
  if (gone !== undefined) return "the server was gone";
  return onSendError === undefined ? undefined : "needs an onSendError at the server";
}

/** @param played called when only surplus messages can still come */
async function playSession(
  url: string,
  player: Player,
  { timeout = 5000, linger = 100 }: ServerTestOptions,
  played: () => void,
): Promise<void> {
  const connection = await connect(url, player.inbox, timeout);
  try {
    await player.play(connection);
    played();
    await player.linger(linger);
  } finally {
    connection.close();
  }
}

async function playBatch(
  url: string,
  { lines }: Transcript,
  player: Player,
  { timeout = 5000, strict: isStrict }: ServerTestOptions,
): Promise<void> {
  const messages = lines.flatMap(({ from, after, text }) =>
    from === "client" && after === 0 && text !== undefined ? [text] : [],
  );
  for (const text of messages) player.inbox.said(text);
  const answer = await post(url, messages.join("\n"), timeout);
  hearBatch(player, answer, "the response was over", isStrict);
  await player.checkAll();
}

/** Whether a server at a URL is tested with batches. */
export function isBatchUrl(url: string): boolean {
  return /^https?:/.test(url);
}

async function post(url: string, body: string, timeout: number): Promise<string> {
  const signal = AbortSignal.timeout(timeout);
  try {
    const response = await fetch(url, { method: "POST", body, signal });
    const text = await response.text();
    if (response.status === 200) return text;
    throw new ConformanceError(`expected status 200, got ${response.status}: ${text}`);
  } catch (error) {
    if (error instanceof ConformanceError) throw error;
    if (isUnreachable(error)) throw new UnreachableError(url, error);
    const reason = signal.aborted ? `nothing came for ${timeout} ms` : reasonOf(error);
    throw new ConformanceError(`no answer from ${url}: ${reason}`, { cause: error });
  }
}
