import { CHUNK_SIZE } from "../contestants/contestant.ts";
import { need, OURS_AND_REFERENCE, type TimedCase } from "./case.ts";

const CHUNKS = 256;
const BYTES = CHUNKS * CHUNK_SIZE;
const OBJECTS = 5000;

export const streams: readonly TimedCase[] = [
  {
    kind: "timed",
    name: "bytes down, as a stream",
    about: "A stream of 16 MiB in chunks of 64 KiB, from the server.",
    link: "WebSocket",
    pairs: [...OURS_AND_REFERENCE, "raw"],
    unit: "MB",
    units: BYTES / 1e6,
    warmUps: 4,
    run: ({ client }) => need(client, "receiveBytes")(CHUNKS),
    expected: BYTES,
  },
  {
    kind: "timed",
    name: "bytes up, as a stream",
    about: "A stream of 16 MiB in chunks of 64 KiB, to the server.",
    link: "WebSocket",
    pairs: [...OURS_AND_REFERENCE, "raw"],
    unit: "MB",
    units: BYTES / 1e6,
    warmUps: 4,
    run: ({ client }) => need(client, "sendBytes")(CHUNKS),
    expected: BYTES,
  },
  {
    kind: "timed",
    name: "objects down, as a stream",
    about: "A stream of 5,000 small objects, from the server.",
    link: "WebSocket",
    pairs: [...OURS_AND_REFERENCE, "raw", "tRPC", "oRPC"],
    unit: "object",
    units: OBJECTS,
    run: ({ client }) => need(client, "receiveObjects")(OBJECTS),
    expected: OBJECTS,
  },
];
