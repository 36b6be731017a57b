import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Target } from "../target.ts";
import { type Figures, noteClosed } from "./figures.ts";

/** Options of a batch. */
export interface PostOptions {
  readonly headers?: Readonly<Record<string, string | string[]>> | undefined;
  /** True to read the response. Default `true`; otherwise it stays open until time is over. */
  readonly reads?: boolean | undefined;
}

/** The part of a response that is kept. */
export interface Answer {
  readonly status: number;
  /** The first 100,000 characters. */
  readonly body: string;
}

/** Sends a batch in one request, on a connection of its own. */
export async function post(
  { http, localAddress }: Pick<Target, "http" | "localAddress">,
  body: string | Iterable<string>,
  figures: Figures,
  signal: AbortSignal,
  { headers = {}, reads = true }: PostOptions = {},
): Promise<Answer | undefined> {
  const request = (http!.startsWith("https:") ? httpsRequest : httpRequest)(http!, {
    method: "POST",
    headers: { ...headers },
    agent: false,
    localAddress,
    rejectUnauthorized: false,
    signal,
  });
  let failure = "no answer";
  request.on("error", (error) => {
    failure = error.message;
  });
  const responded = new Promise<IncomingMessage | undefined>((resolve) => {
    request.once("response", resolve);
    request.once("close", () => resolve(undefined));
  });
  figures.opened++;
  let separator = "";
  for (const message of typeof body === "string" ? [body] : body) {
    if (request.destroyed || signal.aborted) break;
    figures.sent += message.length;
    const isFree = request.write(separator + message);
    separator = "\n";
    if (!isFree) {
      const drained = once(request, "drain", { signal });
      await Promise.race([drained, responded]).catch(() => {});
    }
  }
  request.end();
  const response = await responded;
  if (response === undefined) {
    if (!signal.aborted) noteClosed(figures, failure);
    return undefined;
  }
  const status = response.statusCode ?? 0;
  if (!reads) {
    response.on("error", () => {});
    await once(response, "close").catch(() => {});
    return { status, body: "" };
  }
  return { status, body: await read(response, figures, status, signal) };
}

async function read(
  response: IncomingMessage,
  figures: Figures,
  status: number,
  signal: AbortSignal,
): Promise<string> {
  let text = "";
  try {
    for await (const chunk of response) {
      figures.received += (chunk as Buffer).length;
      if (text.length < 100_000) text += chunk;
    }
    noteClosed(figures, status === 200 ? "status 200" : `status ${status} ${text.slice(0, 80)}`);
  } catch (error) {
    if (!signal.aborted) noteClosed(figures, (error as Error).message);
  }
  return text.slice(0, 100_000);
}
