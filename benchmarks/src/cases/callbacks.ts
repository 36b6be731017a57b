import { need, OURS_AND_REFERENCE, type TimedCase } from "./case.ts";

export const callbacks: readonly TimedCase[] = [
  {
    kind: "timed",
    name: "callbacks from the server",
    about: "The server calls a function of the client 100 times, one call at a time.",
    link: "WebSocket",
    pairs: [...OURS_AND_REFERENCE, "raw", "birpc", "socket.io"],
    unit: "callback",
    units: 100,
    warmUps: 4,
    run: ({ client }) => need(client, "callBack")(100),
    expected: 4950,
  },
];
