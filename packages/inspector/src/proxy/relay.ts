import type { IncomingMessage } from "node:http";
import { type RawData, WebSocket } from "ws";
import type { Side } from "../recording/entry.ts";
import type { SessionRecorder } from "../recording/recorder.ts";

/** Bytes in a socket's buffer above which its source isn't read, and below which it is again. */
const HIGH = 1024 * 1024;
/** Most bytes of the client that wait until the target's socket is open. */
const MOST_EARLY = 16 * 1024 * 1024;
/** Most bytes of a frame, as the target may accept them. */
const MOST_PAYLOAD = 256 * 1024 * 1024;
/** Headers of the client's request that the target gets. */
const FORWARDED = ["authorization", "cookie", "origin", "user-agent", "accept-language"];

const CLOSED_ABNORMALLY = 1006;
const NO_STATUS = 1005;
const BAD_GATEWAY = 1014;

/**
 * Relays a WebSocket to a server: every frame as it is, in both directions, and the close of either
 * side with its code.
 *
 * @param client an open socket
 * @param target the server's URL
 */
export function relay(
  client: WebSocket,
  request: IncomingMessage,
  target: string,
  recorder: SessionRecorder,
): void {
  const headers = Object.fromEntries(
    FORWARDED.flatMap((name) => {
      const value = request.headers[name];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
  const protocols = client.protocol ? [client.protocol] : [];
  const options = { headers, maxPayload: MOST_PAYLOAD, perMessageDeflate: false };
  const server = new WebSocket(target, protocols, options);
  const early: { data: RawData; isBinary: boolean }[] = [];
  let earlyBytes = 0;
  client.on("message", (data, isBinary) => {
    record(recorder, "client", data, isBinary);
    if (server.readyState === WebSocket.OPEN) pass(data, isBinary, client, server);
    else {
      earlyBytes += sizeOf(data);
      if (earlyBytes > MOST_EARLY) client.terminate();
      else early.push({ data, isBinary });
    }
  });
  server.on("open", () => {
    for (const { data, isBinary } of early.splice(0)) pass(data, isBinary, client, server);
  });
  server.on("message", (data, isBinary) => {
    record(recorder, "server", data, isBinary);
    pass(data, isBinary, server, client);
  });
  joinCloses(client, server, target, recorder);
}

function joinCloses(
  client: WebSocket,
  server: WebSocket,
  target: string,
  recorder: SessionRecorder,
): void {
  let failure: string | undefined;
  server.on("error", (error) => {
    failure ??= `${target}: ${error.message}`;
  });
  client.on("error", (error) => {
    failure ??= `the client: ${error.message}`;
  });
  client.on("close", (code, reason) => {
    recorder.close(failure ?? closeText("client", code, reason));
    close(server, code, reason);
  });
  server.on("close", (code, reason) => {
    recorder.close(failure ?? closeText("server", code, reason));
    if (failure) close(client, BAD_GATEWAY, closeReason(failure));
    else close(client, code, reason);
  });
}

/** The text of a failure, as long as a WebSocket allows. */
function closeReason(failure: string): Buffer {
  const MOST_BYTES = 120;
  const { written } = new TextEncoder().encodeInto(failure, new Uint8Array(MOST_BYTES));
  return Buffer.from(failure).subarray(0, written);
}

function closeText(side: Side, code: number, reason: Buffer): string {
  const text = reason.toString();
  return `The ${side} closed with ${code}${text && `: ${text}`}.`;
}

/** Closes a socket with the code that the other one was closed with, if a program may send it. */
function close(socket: WebSocket, code: number, reason: Buffer): void {
  if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
  else if (code === CLOSED_ABNORMALLY) socket.terminate();
  else if (code === NO_STATUS) socket.close();
  else socket.close(code, reason);
}

function record(recorder: SessionRecorder, from: Side, data: RawData, isBinary: boolean): void {
  const bytes = bytesOf(data);
  recorder.frame(from, isBinary ? bytes : bytes.toString("utf8"));
}

function pass(data: RawData, isBinary: boolean, from: WebSocket, to: WebSocket): void {
  to.send(data, { binary: isBinary }, () => {
    if (from.isPaused && to.bufferedAmount < HIGH / 4) from.resume();
  });
  if (to.bufferedAmount > HIGH && from.readyState === WebSocket.OPEN) from.pause();
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function sizeOf(data: RawData): number {
  return bytesOf(data).length;
}
