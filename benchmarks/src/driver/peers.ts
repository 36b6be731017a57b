import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createBirpc } from "birpc";
import type { Case, Pair } from "../cases/case.ts";
import type { ContestantName } from "../contestants/index.ts";
import { channelOf } from "../participant/channel.ts";
import type { ParticipantFunctions } from "../participant/functions.ts";

/** The means of starting processes: a Node, and the program that it runs. */
export interface Launcher {
  readonly node: string;
  readonly program: string;
}

/** A client and, unless it is in the same process or isn't needed, a server. Each is a process. */
export class Peers {
  readonly pair: Pair;
  readonly client: ParticipantFunctions;
  readonly server: ParticipantFunctions | undefined;
  readonly #processes: readonly ChildProcess[];

  /** Starts both and connects them. The caller stops them. */
  static async start(
    launcher: Launcher,
    { link }: Case,
    pair: Pair,
    options: { counting?: boolean } = {},
  ): Promise<Peers> {
    const [client, server] = sidesOf(pair);
    const hasServer = link === "WebSocket" || link === "HTTP";
    const processes = Array.from({ length: hasServer ? 2 : 1 }, () => launch(launcher));
    const peers = new Peers(pair, processes);
    try {
      const port = (await peers.server?.serve(server, link)) ?? 0;
      await peers.client.connect(client, link, port, options);
      return peers;
    } catch (cause) {
      await peers.stop();
      throw new Error(`${pair} could not be started over ${link}.`, { cause });
    }
  }

  private constructor(pair: Pair, processes: readonly ChildProcess[]) {
    this.pair = pair;
    this.#processes = processes;
    const [client, server] = processes;
    this.client = remote(client!);
    this.server = server && remote(server);
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#processes.map(async (process) => {
        if (process.exitCode !== null || process.signalCode !== null) return;
        process.disconnect();
        await once(process, "exit");
      }),
    );
  }
}

/** The contestants that a pair names: the client, and the server. */
function sidesOf(pair: Pair): readonly [ContestantName, ContestantName] {
  const [client, server = client] = pair.split("/") as [ContestantName, ContestantName?];
  return [client, server];
}

function launch({ node, program }: Launcher): ChildProcess {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return fork(program, {
    execPath: node,
    execArgv: ["--expose-gc"],
    env: { ...env, NODE_ENV: "production" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

function remote(child: ChildProcess): ParticipantFunctions {
  const rpc = createBirpc<ParticipantFunctions, object>({}, channelOf(child));
  child.once("exit", (code, signal) => {
    rpc.$close(new Error(`A process ended with ${signal ?? `code ${code}`}.`));
  });
  return rpc as unknown as ParticipantFunctions;
}
