import { OURS_AND_REFERENCE, type Pair, type TimedCase } from "./case.ts";

/** Everyone who answers calls over WebSockets. */
export const everybody: readonly Pair[] = [
  ...OURS_AND_REFERENCE,
  "raw",
  "birpc",
  "socket.io",
  "tRPC",
  "oRPC",
];

export const calls: readonly TimedCase[] = [
  {
    kind: "timed",
    name: "one call at a time",
    about: "Each call starts after the answer to the previous call.",
    link: "WebSocket",
    pairs: everybody,
    unit: "call",
    units: 50,
    warmUps: 4,
    async run({ client }) {
      let sum = 0;
      for (let i = 0; i < 50; i++) sum += (await client.echo(i)) as number;
      return sum;
    },
    expected: 1225,
  },
  {
    kind: "timed",
    name: "200 in flight, small argument",
    about: "200 calls at once, each with a number.",
    link: "WebSocket",
    pairs: everybody,
    unit: "call",
    units: 200,
    run: ({ client }) => Promise.all(Array.from({ length: 200 }, (_, i) => client.echo(i))),
    expected: Array.from({ length: 200 }, (_, i) => i),
  },
];
