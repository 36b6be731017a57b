import type { Client, Contestant, Link, Served } from "./contestant.ts";

/** Loads a contestant. A process that measures one contestant loads no other. */
const LOADERS = {
  ours: async () => (await import("./ours.ts")).ours,
  "ours, pull": async () => (await import("./ours.ts")).oursPullStyle,
  "ours, intercepted": async () => (await import("./ours.ts")).oursIntercepted(),
  "ours, unobserved": async () => (await import("./observed.ts")).unobserved(),
  "ours, with metrics": async () => (await import("./observed.ts")).withMetrics(),
  "ours, with contexts": async () => (await import("./observed.ts")).withContexts(),
  "ours, with traces": async () => (await import("./observed.ts")).withTraces(0.01),
  "ours, with all traces": async () => (await import("./observed.ts")).withTraces(1),
  "ours, with no traces": async () => (await import("./observed.ts")).withTraces(0),
  reference: async () => (await import("./reference.ts")).reference,
  raw: async () => (await import("./raw.ts")).raw,
  tRPC: async () => (await import("./trpc.ts")).trpc,
  oRPC: async () => (await import("./orpc.ts")).orpc,
  birpc: async () => (await import("./birpc.ts")).birpc,
  "socket.io": async () => (await import("./socket-io.ts")).socketIo,
} satisfies Record<string, () => Promise<Contestant>>;

export type ContestantName = keyof typeof LOADERS;

/** Starts a server of a contestant, in this process. */
export async function serve(name: ContestantName, link: Link): Promise<Served> {
  const contestant: Contestant = await LOADERS[name]();
  const serve = link === "HTTP" ? contestant.serveHttp : contestant.serveWebSocket;
  if (serve === undefined) throw new Error(`${name} has no server for ${link}.`);
  return serve();
}

/** Returns a function that connects a client of a contestant, in this process. */
export async function connector(
  name: ContestantName,
  link: Link,
  port: number,
): Promise<() => Promise<Client>> {
  const contestant: Contestant = await LOADERS[name]();
  const connect = {
    WebSocket: contestant.connectWebSocket,
    HTTP: contestant.connectHttp,
    memory: contestant.connectInMemory,
    none: contestant.alone,
  }[link];
  if (connect === undefined) throw new Error(`${name} has no client for ${link}.`);
  return () => connect(port);
}
