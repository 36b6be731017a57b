import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Refusal, setOptionalTimeout } from "@capnweb/core/server";

/** Milliseconds that a client has to read a refusal and close. */
const LINGER = 500;

/** Refuses a request, and ends its connection. */
export function refuse(stream: Duplex, { status, reason, retryAfter }: Refusal): void {
  // A client that has already left is no error of the server.
  stream.on("error", () => stream.destroy());
  const body = reason && `${reason}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Refused"}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfter === undefined ? [] : [`Retry-After: ${Math.ceil(retryAfter)}`]),
  ];
  stream.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  // If the data weren't read, the kernel would reset the connection, and the refusal would be lost.
  stream.resume();
  stream.once("end", () => stream.destroy());
  const cancel = setOptionalTimeout(() => stream.destroy(), LINGER);
  stream.once("close", cancel);
}
