import type { ChildProcess } from "node:child_process";
import type { Case, Pair } from "../cases/case.ts";
import type { ContestantName } from "../contestants/index.ts";
import type { ParticipantFunctions } from "../participant/functions.ts";
import { launch, remote, stop } from "./process.ts";

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
    { node, program }: Launcher,
    { link }: Case,
    pair: Pair,
    options: { counting?: boolean } = {},
  ): Promise<Peers> {
    const [client, server] = sidesOf(pair);
    const processes = Array.from({ length: hasServer(link) ? 2 : 1 }, () => launch(node, program));
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

  stop(): Promise<void> {
    return stop(this.#processes);
  }
}

/** True if the server of a link is a process of its own. */
export function hasServer(link: Case["link"]): boolean {
  return link === "WebSocket" || link === "HTTP";
}

/** The contestants that a pair names: the client, and the server. */
function sidesOf(pair: Pair): readonly [ContestantName, ContestantName] {
  const [client, server = client] = pair.split("/") as [ContestantName, ContestantName?];
  return [client, server];
}

/**
 * A random order of turns, in which no pair always follows one that leaves much garbage behind. In
 * a merely rotated order, each would always follow the same neighbour.
 */
export function shuffled<T>(list: readonly T[]): T[] {
  const order = [...list];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
