import { type HeapCase, need, OURS_AND_REFERENCE } from "./case.ts";

export const heap: readonly HeapCase[] = [
  {
    kind: "heap",
    name: "heap per held stub",
    about: "Stubs of distinct objects of the server; the objects themselves aren't counted.",
    link: "WebSocket",
    pairs: OURS_AND_REFERENCE,
    unit: "stub",
    count: 24_000,
    prepare: ({ client }, count) => need(client, "prepare")(count),
    hold: ({ client }, count) => need(client, "holdStubs")(count),
  },
  {
    kind: "heap",
    name: "heap per pending call",
    about: "Calls without an answer yet, including the promises of the application.",
    link: "WebSocket",
    pairs: [...OURS_AND_REFERENCE, "raw", "birpc", "socket.io", "tRPC", "oRPC"],
    unit: "call",
    count: 10_000,
    hold: ({ client }, count) => need(client, "holdCalls")(count),
  },
  {
    kind: "heap",
    name: "heap per idle session",
    about: "Connected clients that have made a call, including their WebSockets and buffers.",
    link: "WebSocket",
    pairs: [...OURS_AND_REFERENCE, "raw", "birpc", "socket.io", "tRPC", "oRPC"],
    unit: "session",
    count: 400,
    async hold({ connect }, count) {
      const clients = await Promise.all(Array.from({ length: count }, connect));
      await Promise.all(clients.map((client) => client.echo(0)));
      return {
        async release() {
          await Promise.all(clients.map((client) => client.close()));
        },
      };
    },
  },
];
