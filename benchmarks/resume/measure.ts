// Measures the cost of resumable sessions: `npm run bench:resume`. The server is a process of its
// own. Plain and resumable sessions take turns, so that other load slows both.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { RpcSession, type Transport } from "@capnweb/core";
import { ResumeAcceptor, ResumingTransport } from "@capnweb/resume";
import { createMemoryLink } from "@capnweb/testkit";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
import { WebSocket } from "ws";

const ROUNDS = 40;
const IN_FLIGHT = 200;
const CUTS = 400;
const SESSIONS = 2_000;

type Way = "plain" | "resume";
const WAYS: readonly Way[] = ["plain", "resume"];

interface Client {
  readonly api: any;
  readonly transport: ResumingTransport | undefined;
  readonly socket: () => WebSocket;
}

const child = fork(fileURLToPath(new URL("server.ts", import.meta.url)));
const [port] = (await once(child, "message")) as [number];

function connect(way: Way): Promise<Client> | Client {
  let socket!: WebSocket;
  const open = async (): Promise<Transport> => {
    socket = new WebSocket(`ws://127.0.0.1:${port}/${way}`, { perMessageDeflate: false });
    await once(socket, "open");
    return new WebSocketPushTransport(socket as any);
  };
  if (way === "resume") {
    const transport = new ResumingTransport(open, { backoff: { min: 0 } });
    const api = new RpcSession<any>(transport).getRemoteMain();
    return { api, transport, socket: () => socket };
  }
  return open().then((transport) => {
    const api = new RpcSession<any>(transport).getRemoteMain();
    return { api, transport: undefined, socket: () => socket };
  });
}

const clients = { plain: await connect("plain"), resume: await connect("resume") };
const VALUE = { id: 1, name: "Ada", tags: ["a", "b"] };

const quantile = (times: readonly number[], q: number) =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * q))]!;
const median = (times: readonly number[]) => quantile(times, 0.5);

async function inFlight({ api }: Client): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < 5; i++) {
    await Promise.all(Array.from({ length: IN_FLIGHT }, () => api.echo(VALUE)));
  }
  return (5 * IN_FLIGHT * 1000) / (performance.now() - start);
}

async function oneByOne({ api }: Client): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < 200; i++) await api.echo(VALUE);
  return ((performance.now() - start) * 1000) / 200;
}

async function compare(
  what: string,
  unit: string,
  measure: (client: Client) => Promise<number>,
): Promise<void> {
  const results: Record<Way, number[]> = { plain: [], resume: [] };
  for (const way of WAYS) for (let i = 0; i < 10; i++) await measure(clients[way]);
  for (let i = 0; i < ROUNDS; i++) {
    const order = i % 2 === 0 ? WAYS : [...WAYS].reverse();
    for (const way of order) results[way].push(await measure(clients[way]));
  }
  const ratio = median(results.resume.map((each, i) => each / results.plain[i]!));
  const [plain, resume] = WAYS.map((way) => median(results[way]).toFixed(1));
  console.log(`${what}: ${plain} plain, ${resume} resumable ${unit}, ratio ${ratio.toFixed(3)}`);
}

async function bytesPerCall(): Promise<void> {
  for (const way of WAYS) {
    const client = clients[way];
    const bytes = () => {
      const { bytesRead, bytesWritten } = (client.socket() as any)._socket;
      return bytesRead + bytesWritten;
    };
    await client.api.echo(VALUE);
    const before = bytes();
    const start = performance.now();
    for (let i = 0; i < 5_000; i++) await client.api.echo(VALUE);
    const perCall = (bytes() - before) / 5_000;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`bytes per call, both directions, 5,000 in ${seconds} s, ${way}: ${perCall}`);
  }
}

async function resumption(): Promise<void> {
  const { api, transport, socket } = clients.resume;
  const times: number[] = [];
  const replayed: number[] = [];
  for (let i = 0; i < CUTS; i++) {
    const calls = Array.from({ length: 20 }, () => api.echo(VALUE));
    await Promise.resolve();
    const before = transport!.replayed;
    const start = performance.now();
    socket().terminate();
    await Promise.all(calls);
    times.push(performance.now() - start);
    replayed.push(transport!.replayed - before);
  }
  const [half, most] = [0.5, 0.99].map((q) => quantile(times, q).toFixed(1));
  console.log(`from a cut to all answers, 20 calls under way: median ${half} ms, p99 ${most} ms`);
  const frames = replayed.reduce((sum, each) => sum + each, 0) / CUTS;
  console.log(`frames sent again by the client per cut: ${frames.toFixed(2)} on average`);
}

/** Starts a pair of sessions in this process. */
async function connectInMemory(way: Way, acceptor: ResumeAcceptor, main: object): Promise<any> {
  const link = createMemoryLink();
  if (way === "plain") {
    new RpcSession(link.server, main, { announce: "reply" });
    return new RpcSession<any>(link.client);
  }
  const session = new RpcSession<any>(new ResumingTransport(() => link.client));
  const { transport } = await acceptor.accept(link.server);
  new RpcSession(transport, main, { announce: "reply" });
  return session;
}

/** The busy time of both ends, which other load on the machine hardly disturbs. */
async function processorTime(): Promise<void> {
  const acceptor = new ResumeAcceptor();
  const main = { echo: (value: unknown) => value };
  const apis = {
    plain: (await connectInMemory("plain", acceptor, main)).getRemoteMain(),
    resume: (await connectInMemory("resume", acceptor, main)).getRemoteMain(),
  };
  const measure = async (way: Way) => {
    const start = process.cpuUsage();
    for (let i = 0; i < 3_000; i++) await apis[way].echo(VALUE);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 3_000;
  };
  const results: Record<Way, number[]> = { plain: [], resume: [] };
  for (let i = 0; i < 20; i++) {
    for (const way of i % 2 === 0 ? WAYS : [...WAYS].reverse()) {
      results[way].push(await measure(way));
    }
  }
  const [plain, resume] = WAYS.map((way) => median(results[way].slice(5)).toFixed(1));
  console.log(
    `processor time of a call in memory, both ends: ${plain} µs plain, ${resume} resumable`,
  );
}

async function memory(): Promise<void> {
  const kept: unknown[] = [];
  const heap = async () => {
    for (let i = 0; i < 4; i++) {
      gc!();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return process.memoryUsage().heapUsed;
  };
  const acceptor = new ResumeAcceptor();
  const make = async (way: Way) => {
    const session = await connectInMemory(way, acceptor, { x: 1 });
    kept.push(session);
    await session.getRemoteMain().x;
  };
  const used: Record<Way, number> = { plain: 0, resume: 0 };
  for (const way of WAYS) for (let i = 0; i < 100; i++) await make(way);
  for (const way of WAYS) {
    const before = await heap();
    for (let i = 0; i < SESSIONS; i++) await make(way);
    // Acknowledgements leave after a second.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    used[way] = ((await heap()) - before) / SESSIONS;
  }
  const [plain, resume] = WAYS.map((way) => Math.round(used[way]));
  console.log(`heap of an idle pair of sessions: ${plain} bytes plain, ${resume} resumable`);
}

await compare(`calls per second, ${IN_FLIGHT} in flight`, "", inFlight);
await compare("a call by itself", "µs", oneByOne);
await bytesPerCall();
await processorTime();
await resumption();
await memory();
child.disconnect();
process.exit(0);
