import { OURS_AND_REFERENCE, type TimedCase } from "./case.ts";

const AT_ONCE = 10;

export const sessions: readonly TimedCase[] = [
  {
    kind: "timed",
    name: "sessions opened",
    about: "A WebSocket is opened, used for one call, and closed; ten at a time.",
    link: "WebSocket",
    pairs: [...OURS_AND_REFERENCE, "raw", "birpc", "socket.io", "tRPC", "oRPC"],
    unit: "session",
    units: AT_ONCE,
    warmUps: 3,
    run: ({ connect }) =>
      Promise.all(
        Array.from({ length: AT_ONCE }, async (_, i) => {
          const client = await connect();
          const answer = await client.echo(i);
          await client.close();
          return answer;
        }),
      ),
    expected: Array.from({ length: AT_ONCE }, (_, i) => i),
  },
];
