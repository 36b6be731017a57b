import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp } from "node:net";
import { Attacker } from "../attacker/attacker.ts";
import { type ContractMethod, type ContractName, OFFERED } from "../contract.ts";
import { hasSessions } from "../media/open.ts";
import { pull, push } from "../messages.ts";
import { isLoopback, isModule, placeOf, type Target } from "../target.ts";
import { answers } from "../victim/caller.ts";

/** Milliseconds that the server has for each question. */
const PATIENCE = 2_000;

/** For each method, a call that identifies it, and the beginning of the answer. */
const SIGNS: Readonly<Record<ContractMethod, readonly [string[], RegExp]>> = {
  echo: [["[[1]]"], /^\["resolve",\d+,\[\[1\]\]\]/],
  later: [["[[2]]"], /^\["resolve",\d+,\[\[2\]\]\]/],
  wrap: [["3", "null"], /^\["resolve",\d+,\{"x":3\}/],
  text: [["4"], /^\["resolve",\d+,"xxxx"\]/],
  // Asked without a Blob: the answer only has to show that the method exists.
  size: [["0"], /^\["(?:resolve|reject)",\d+,(?!.*is not a function)/],
  sink: [["1"], /^\["resolve",\d+,1\]/],
  hang: [[], /(?!)/],
  stream: [["0"], /^\["resolve",\d+,\["readable"/],
  odd: [['"none"'], /^\["(?:resolve|reject)",\d+,(?!.*is not a function)/],
};

/**
 * Finds out which parts of a server can be attacked.
 *
 * @param urls the URLs of the endpoints for sessions and for batches. If only one is given, the
 *   other is expected at the same host and path. Alternatively, the URL of a module that serves
 *   ports
 */
export async function probe(urls: readonly string[], contract: ContractName): Promise<Target> {
  const plain = { frames: false, methods: [], contract };
  const found: Target = { ...plain, ...(await endpointsAt(urls)) };
  if (!isAnswering(found)) return found;
  const target = { ...found, localAddress: await otherAddress(found) };
  const [frames, methods] = await Promise.all([takesFrames(target), methodsOf(target)]);
  return { ...target, frames, methods };
}

/** True if the server has any part to attack. */
export function isAnswering(target: Target): boolean {
  return hasSessions(target) || target.http !== undefined || target.http2 !== undefined;
}

async function endpointsAt(urls: readonly string[]): Promise<Partial<Target>> {
  const [first] = urls;
  if (isModule(first!)) return (await answers({ port: first }, PATIENCE)) ? { port: first } : {};
  const ws = urls.find((url) => /^wss?:/.test(url)) ?? urls[0]!.replace(/^http/, "ws");
  const http = urls.find((url) => /^https?:/.test(url)) ?? urls[0]!.replace(/^ws/, "http");
  const [hasSocket, hasBatches, http2] = await Promise.all([
    answers({ ws }, PATIENCE),
    answers({ http }, PATIENCE),
    speaksHttp2(http),
  ]);
  // WebTransport needs HTTP/2 and TLS.
  const mayHaveSessions = http2 && !hasSocket && http.startsWith("https:");
  const hasTransport = mayHaveSessions && (await answers({ wt: http }, PATIENCE));
  return {
    ws: hasSocket ? ws : undefined,
    wt: hasTransport ? http : undefined,
    http: hasBatches ? http : undefined,
    http2: http2 ? http : undefined,
  };
}

/** Another address of this machine at which the server can be reached. */
async function otherAddress({ ws, wt, http, http2 }: Target): Promise<string | undefined> {
  const url = ws ?? wt ?? http ?? http2;
  if (url === undefined) return undefined;
  const { host, port } = placeOf(url);
  if (!isLoopback(url) || host.includes(":")) return undefined;
  const localAddress = "127.0.0.2";
  const socket = connectTcp({ host, port, localAddress });
  const isReached = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
  socket.destroy();
  return isReached ? localAddress : undefined;
}

async function speaksHttp2(url: string): Promise<boolean> {
  const session = connectHttp2(new URL("/", url), { rejectUnauthorized: false });
  const speaks = await new Promise<boolean>((resolve) => {
    session.once("remoteSettings", () => resolve(true));
    session.on("error", () => resolve(false));
    session.once("close", () => resolve(false));
    session.setTimeout(PATIENCE, () => resolve(false));
  });
  session.destroy();
  return speaks;
}

/** True if the server takes several messages in one text. Batches always do, ports never. */
async function takesFrames(target: Target): Promise<boolean> {
  if (target.port !== undefined) return false;
  if (!hasSessions(target)) return true;
  const isTaken = await withAttacker({ ...target, frames: true }, async (attacker) => {
    const session = await attacker.openSession();
    if (session === undefined) return false;
    const answer = session.message((message) => message.startsWith('["resolve",1,'));
    await session.send(`${push("0")}\n${pull(1)}`);
    return (await answer) !== undefined;
  });
  return isTaken === true;
}

/** The methods whose answers match those of the contract. */
async function methodsOf(target: Target): Promise<readonly ContractMethod[]> {
  const found = await Promise.all(
    OFFERED[target.contract].map(async (method) => {
      const isThere = await withAttacker(target, (attacker) => offers(attacker, method));
      return isThere === true ? [method] : [];
    }),
  );
  return found.flat();
}

async function offers(attacker: Attacker, method: ContractMethod): Promise<boolean> {
  const [args, sign] = SIGNS[method];
  const call = attacker.contract[method](...args);
  if (!hasSessions(attacker.target)) {
    const answer = await attacker.post(`${push(call)}\n${pull(1)}`);
    return answer !== undefined && sign.test(answer.body);
  }
  const session = await attacker.openSession();
  if (session === undefined) return false;
  const answer = session.ask(call);
  if (method !== "hang") return sign.test((await answer) ?? "");
  // A call that hangs gets no answer, and leaves the session unchanged.
  const answered = await Promise.race([answer, attacker.wait(500)]);
  return answered === undefined && session.isOpen;
}

async function withAttacker<T>(
  target: Target,
  ask: (attacker: Attacker) => Promise<T>,
): Promise<T | undefined> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), PATIENCE);
  try {
    const expired = new Promise<undefined>((resolve) => {
      over.signal.addEventListener("abort", () => resolve(undefined));
    });
    return await Promise.race([ask(new Attacker(target, over.signal)), expired]);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}
