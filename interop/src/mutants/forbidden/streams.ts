import { sending, swapping, writingAhead } from "../common.ts";
import { forbidden, type Mutant } from "../mutant.ts";

const server = forbidden("server");
const client = forbidden("client");

/** True if a message is a call of a stream's method. */
const calls = (method: string, [tag, expression]: any[]) =>
  tag === "stream" && expression?.[2]?.[0] === method;

const swappingChunks = swapping((message) => calls("write", message));
const neverClosing = sending((message) => (calls("close", message) ? [] : [message]));

/** Peers that break the rules of streams. */
export const streams: readonly Mutant[] = [
  server("swaps chunks of a stream", ["streams"], /expected \["stream"/, swappingChunks),
  server(
    "never closes a stream",
    ["streams"],
    /expected \["stream",\["pipeline",1,\["close"\]/,
    neverClosing,
  ),
  server(
    "sends a stream's chunks without waiting for the reader",
    ["streams"],
    /sent \d+ chunks .* without waiting/,
    writingAhead,
    // The server makes many chunks before the kit hears of the first.
    { only: ["flow-control*"], isSlow: true, timeout: 10_000 },
  ),
  client(
    "sends a stream's chunks without waiting for the reader",
    ["streams"],
    /sent \d+ chunks .* without waiting/,
    writingAhead,
    { only: ["flow-control*"] },
  ),
  client("swaps chunks of a stream", ["streams"], /expected \["stream"/, swappingChunks, {
    only: ["stream-of-the-client-s-read*"],
  }),
  client(
    "never closes a stream",
    ["streams"],
    /expected \["stream",\["pipeline",1,\["close"\]/,
    neverClosing,
    { only: ["stream-of-the-client-s-read*"] },
  ),
];
