import type { Transcript } from "../transcript/transcript.ts";
import { ConformanceError } from "./errors.ts";
import { Player } from "./player.ts";
import { resultOf, type ScenarioResult } from "./result.ts";
import { type Selection, select } from "./select.ts";
import { connect } from "./websocket.ts";

/** How a server is tested. */
export interface ServerTestOptions extends Selection {
  /** Milliseconds that the server has for a message. Default 5000. */
  readonly timeout?: number | undefined;
  /** Called with each result as it comes. */
  readonly onResult?: ((result: ScenarioResult) => void) | undefined;
}

/**
 * Plays the client against a server that offers the application of docs/conformance.md: a new
 * connection for every scenario, or, over HTTP, a new request.
 *
 * @param url `ws:`, `wss:`, `http:` or `https:`. Over HTTP only what fits in a batch is run
 */
export async function testServer(
  url: string,
  transcripts: readonly Transcript[],
  options: ServerTestOptions = {},
): Promise<ScenarioResult[]> {
  const { timeout = 5000, onResult } = options;
  const isBatch = /^https?:/.test(url);
  const results: ScenarioResult[] = [];
  for (const transcript of select(transcripts, "server", options)) {
    if (isBatch && !transcript.batch) continue;
    const run = isBatch ? playBatch : playSession;
    const result = needsOptions(transcript)
      ? { ...skipped(transcript), duration: 0 }
      : await resultOf(transcript.name, () => run(url, transcript, timeout));
    results.push(result);
    onResult?.(result);
  }
  return results;
}

/** A server under test is started once, without the options that some recordings were made with. */
function needsOptions({ onSendError }: Transcript): boolean {
  return onSendError !== undefined;
}

function skipped({ name }: Transcript) {
  return { name, failure: undefined, skipped: "needs an onSendError at the server" };
}

async function playSession(url: string, transcript: Transcript, timeout: number): Promise<void> {
  const player = new Player(transcript, "client", timeout);
  const connection = await connect(url, player.inbox);
  try {
    await player.play(connection);
  } finally {
    connection.close();
  }
}

async function playBatch(url: string, transcript: Transcript, timeout: number): Promise<void> {
  const body = transcript.lines
    .filter(({ from, after, text }) => from === "client" && after === 0 && text !== undefined)
    .map(({ text }) => text)
    .join("\n");
  const signal = AbortSignal.timeout(timeout);
  const response = await fetch(url, { method: "POST", body, signal }).catch((error) => {
    throw new ConformanceError(`no answer from ${url}: ${error.message}`);
  });
  const text = await response.text();
  if (response.status !== 200) {
    throw new ConformanceError(`expected status 200, got ${response.status}: ${text}`);
  }
  const player = new Player(transcript, "client", timeout);
  for (const line of text === "" ? [] : text.split("\n")) player.inbox.message(line);
  player.inbox.closed("the response was over");
  await player.checkAll();
}
