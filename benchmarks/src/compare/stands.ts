import type { ChildProcess } from "node:child_process";
import type { Link } from "../contestants/contestant.ts";
import { hasServer } from "../driver/peers.ts";
import { launch, remote, stop } from "../driver/process.ts";
import type { ParticipantFunctions } from "../participant/functions.ts";
import type { Subject } from "./subjects.ts";

/** A version that is ready to be measured: its client, and its server if it has one. */
export interface Stand {
  readonly subject: Subject;
  readonly client: ParticipantFunctions;
  readonly server: ParticipantFunctions | undefined;
}

/** The processes of a comparison. */
export class Stands {
  readonly all: readonly Stand[];
  readonly #processes: readonly ChildProcess[];

  /**
   * Starts the processes of some versions, which the versions share, and connects each version's
   * client to its server. The caller stops them.
   *
   * @param node the path of Node
   * @param program the path of the program that runs several participants
   */
  static async start(
    node: string,
    program: string,
    subjects: readonly Subject[],
    link: Link,
  ): Promise<Stands> {
    const modules = subjects.map(({ name, module }) => `${name}=${module}`);
    const processes = Array.from({ length: hasServer(link) ? 2 : 1 }, () =>
      launch(node, program, ...modules),
    );
    const [client, server] = processes;
    const stands = new Stands(
      subjects.map((subject) => ({
        subject,
        client: remote(client!, subject.name),
        server: server && remote(server, subject.name),
      })),
      processes,
    );
    try {
      for (const { subject, client, server } of stands.all) {
        const port = (await server?.serve(subject.contestant, link)) ?? 0;
        await client.connect(subject.contestant, link, port);
      }
      return stands;
    } catch (cause) {
      await stands.stop();
      throw new Error(`The versions could not be started over ${link}.`, { cause });
    }
  }

  private constructor(all: readonly Stand[], processes: readonly ChildProcess[]) {
    this.all = all;
    this.#processes = processes;
  }

  stop(): Promise<void> {
    return stop(this.#processes);
  }
}
