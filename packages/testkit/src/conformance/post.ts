import { ConformanceError, isReset, isUnreachable, reasonOf, UnreachableError } from "./errors.ts";

/** Most bytes of an answer. The largest scenarios need a tenth. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Most characters of a refusal's body in an error. */
const REFUSAL = 300;

/**
 * Posts a batch.
 *
 * @param timeout milliseconds for the answer
 * @returns the answer
 * @throws UnreachableError if there is no server; ConformanceError for any other failure
 */
export async function post(url: string, body: string, timeout: number): Promise<string> {
  try {
    return await postOnce(url, body, timeout);
  } catch (error) {
    // A server may close an idle connection at the moment at which a request is sent over it.
    if (error instanceof ConformanceError && isReset(error.cause)) {
      return await postOnce(url, body, timeout);
    }
    throw error;
  }
}

async function postOnce(url: string, body: string, timeout: number): Promise<string> {
  const signal = AbortSignal.timeout(timeout);
  let response: Response | undefined;
  try {
    response = await fetch(url, { method: "POST", body, signal });
    const text = await textOf(response);
    if (response.status === 200) return text;
    const rest = text.length > REFUSAL ? `… (the beginning of ${text.length} characters)` : "";
    const start = text.slice(0, REFUSAL) + rest;
    throw new ConformanceError(`expected status 200, got ${response.status}: ${start}`);
  } catch (error) {
    if (error instanceof ConformanceError) throw error;
    if (isUnreachable(error)) throw new UnreachableError(url, error);
    const late =
      response === undefined
        ? `nothing came for ${timeout} ms`
        : `the response began, but wasn't over after ${timeout} ms`;
    const reason = signal.aborted ? late : reasonOf(error);
    throw new ConformanceError(`no answer from ${url}: ${reason}`, { cause: error });
  }
}

/** @throws ConformanceError for an answer that is too large, or isn't UTF-8 */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) {
      throw new ConformanceError(
        `the response has more than ${MOST_BYTES} bytes, far more than the scenario needs`,
      );
    }
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  try {
    return new TextDecoder("utf-8", { fatal: response.status === 200 }).decode(bytes);
  } catch (cause) {
    throw new ConformanceError("the response isn't valid UTF-8", { cause });
  }
}
