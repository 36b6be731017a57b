import { once } from "node:events";
import { parseArgs } from "node:util";
import type { ProxyConnection } from "../proxy/connection.ts";
import { CUT_KINDS, type CutKind, checkCut, type ProxyCut } from "../proxy/cut.ts";
import {
  type CuttingProxy,
  type CuttingProxyOptions,
  cuttingProxy,
} from "../proxy/cutting-proxy.ts";
import { durationOf } from "./duration.ts";
import { UsageError } from "./usage-error.ts";

/** The text that `proxy --help` prints. */
export const PROXY_USAGE = `Usage:
  capnweb-testkit proxy --target <url>   forwards connections to a server at a ws:, http:, wss: or
                                         https: URL, and cuts them

Cuts:
  --cut-every d       cuts all connections so often
  --refuse-for d      refuses new connections for that time after each of these cuts
  --cut-after-bytes n cuts each connection after n bytes of one side
  --cut-message n     cuts each connection at the nth WebSocket message of one side
  --at place          before, within or after that message (default after)
  --from side         the side that sends the bytes or messages: client or server (default server)
  --kind k            ${CUT_KINDS.join(", ")} (default close)

Other faults:
  --stall-every d     forwards nothing so often, while the sockets stay open
  --stall-for d       for that time (default 1s)
  --latency d         delays everything, in each direction

  --port n            where to listen (default: any that is free)
  --host h            where to listen (default 127.0.0.1)
  --for d             ends after that time (default: when the program is interrupted)
  --help

A time d is a number with a unit: 500ms, 2s, 1m.
`;

const OPTIONS = {
  target: { type: "string" },
  port: { type: "string", default: "0" },
  host: { type: "string", default: "127.0.0.1" },
  "cut-every": { type: "string" },
  "refuse-for": { type: "string" },
  "cut-after-bytes": { type: "string" },
  "cut-message": { type: "string" },
  at: { type: "string" },
  from: { type: "string", default: "server" },
  kind: { type: "string", default: "close" },
  "stall-every": { type: "string" },
  "stall-for": { type: "string", default: "1s" },
  latency: { type: "string", default: "0ms" },
  for: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

type Values = ReturnType<typeof parse>;

/**
 * Runs `proxy` with the given arguments, until its time is over or the program is interrupted.
 *
 * @returns the exit code
 * @throws UsageError for invalid arguments
 */
export async function proxyCommand(args: readonly string[]): Promise<number> {
  const values = parse(args);
  if (values.help) {
    process.stdout.write(PROXY_USAGE);
    return 0;
  }
  const options = optionsOf(values);
  const faults = faultsOf(values);
  const lasting = values.for === undefined ? undefined : durationOf("for", values.for);
  const proxy = await cuttingProxy(options);
  say(`${proxy.url} -> ${values.target}`);
  const timers = faults.map(({ every, happen }) => setInterval(() => happen(proxy), every));
  await interrupted(lasting);
  for (const timer of timers) clearInterval(timer);
  await proxy.close();
  return 0;
}

function optionsOf(values: Values): CuttingProxyOptions {
  const { target, host } = values;
  if (!target || !URL.canParse(target)) throw new UsageError("Say the --target: a URL.");
  const cut = cutOf(values);
  return {
    target,
    host,
    port: numberOf("port", values.port),
    latency: durationOf("latency", values.latency),
    onConnection(connection) {
      if (cut) connection.cutAt(cut);
      report(connection);
    },
  };
}

function cutOf(values: Values): ProxyCut | undefined {
  const bytes = values["cut-after-bytes"];
  const message = values["cut-message"];
  if (bytes === undefined && message === undefined) return undefined;
  const cut: ProxyCut = {
    from: choice("from", values.from, ["client", "server"] as const),
    kind: kindOf(values),
    at:
      values.at === undefined
        ? undefined
        : choice("at", values.at, ["before", "within", "after"] as const),
    afterBytes: bytes === undefined ? undefined : numberOf("cut-after-bytes", bytes),
    message: message === undefined ? undefined : numberOf("cut-message", message),
  };
  try {
    checkCut(cut);
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
  return cut;
}

/** The faults that happen at intervals. */
function faultsOf(values: Values): { every: number; happen(proxy: CuttingProxy): void }[] {
  const cutEvery = values["cut-every"];
  const stallEvery = values["stall-every"];
  const refuseFor = values["refuse-for"];
  const kind = kindOf(values);
  const refused = refuseFor === undefined ? undefined : durationOf("refuse-for", refuseFor);
  const stalled = durationOf("stall-for", values["stall-for"]);
  const faults = [];
  if (cutEvery !== undefined) {
    const happen = (proxy: CuttingProxy) => void cutAll(proxy, kind, refused);
    faults.push({ every: durationOf("cut-every", cutEvery), happen });
  }
  if (stallEvery !== undefined) {
    const happen = (proxy: CuttingProxy) => {
      proxy.stall();
      setTimeout(() => proxy.resume(), stalled).unref();
    };
    faults.push({ every: durationOf("stall-every", stallEvery), happen });
  }
  return faults;
}

async function cutAll(proxy: CuttingProxy, kind: CutKind, refused: number | undefined) {
  say(`cut ${proxy.connections.length} connections (${kind})`);
  proxy.cut(kind);
  if (refused === undefined) return;
  await proxy.refuse();
  setTimeout(() => void proxy.accept(), refused).unref();
}

/** Resolves when the time is over, or the program is interrupted. */
async function interrupted(milliseconds: number | undefined): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const ends = ["SIGINT", "SIGTERM"].map((name) => once(process, name, { signal }));
  if (milliseconds !== undefined) {
    ends.push(new Promise((resolve) => setTimeout(() => resolve([]), milliseconds)));
  }
  await Promise.race(ends);
  for (const end of ends) end.catch(() => {});
  controller.abort();
}

function report(connection: ProxyConnection): void {
  say(`connection ${connection.number} opened`);
  void connection.closed.then(() => {
    const [client, server] = (["client", "server"] as const).map((side) => {
      const { bytes, messages } = connection.sentBy(side);
      return `${side} sent ${bytes} bytes, ${messages} messages`;
    });
    say(`connection ${connection.number} closed: ${client}; ${server}`);
  });
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function kindOf(values: Values): CutKind {
  return choice("kind", values.kind, CUT_KINDS);
}

function choice<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === text);
  if (found === undefined) throw new UsageError(`--${name} takes ${allowed.join(", ")}.`);
  return found;
}

function numberOf(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} has to be a number.`);
  return Number(text);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
