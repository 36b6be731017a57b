import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Reads the body of a request.
 *
 * @param most most bytes that it may have
 * @returns `undefined` if it has more, or the client went away
 */
export function bodyOf(request: IncomingMessage, most: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    // Doesn't iterate: leaving a loop would reset the connection before the refusal is sent.
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) resolve(undefined);
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString()));
    request.on("error", () => resolve(undefined));
    request.on("close", () => resolve(undefined));
  });
}

/** Answers a request with a value as JSON. */
export function answerJson(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}
