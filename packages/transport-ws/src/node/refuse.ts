import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { setOptionalTimeout } from "@capnweb/core/server";

/** An answer to a request for a WebSocket that isn't accepted. */
export interface Refusal {
  readonly status: number;
  /** The response's body. */
  readonly reason: string;
}

/** Milliseconds that a client has for reading a refusal and closing. */
const LINGER = 500;

/** Answers a request that isn't accepted, and sees to the end of its connection. */
export function refuse(stream: Duplex, { status, reason }: Refusal): void {
  // A client that is gone already is no error of the server's.
  stream.on("error", () => stream.destroy());
  const body = reason && `${reason}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Refused"}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  stream.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  // Data that isn't read would have the kernel reset the connection, and so drop the refusal.
  stream.resume();
  stream.once("end", () => stream.destroy());
  const cancel = setOptionalTimeout(() => stream.destroy(), LINGER);
  stream.once("close", cancel);
}
