import { RpcSession, type RpcStub } from "@capnweb/core";
import { NO_HEADERS } from "@capnweb/core/server";
import type { HostedSession, RpcHost } from "@capnweb/host";
import type { Callable, Roots } from "./call-it.ts";
import { InspectorRequestError } from "./errors.ts";
import { memoryPair } from "./memory-pair.ts";

const SERVER = "server";

/**
 * The objects that calls in a server begin with: the server's main object, for a client without
 * headers that `authorize` accepts or refuses as any other, and the main objects of the clients.
 */
export class HostRoots implements Roots {
  readonly #host: RpcHost;
  #main: RpcStub<any> | undefined;

  constructor(host: RpcHost) {
    this.#host = host;
  }

  list(): readonly Callable[] {
    const clients = [...this.#host.sessions].filter(isReachable).map((session) => ({
      key: `client ${session.id}`,
      label: `client ${session.id}${session.identity ? ` (${session.identity})` : ""}`,
    }));
    return [{ key: SERVER, label: "server, in a session of the inspector" }, ...clients];
  }

  async open(key: string): Promise<RpcStub<any>> {
    if (key === SERVER) return (await this.#serverMain()).dup();
    for (const session of this.#host.sessions) {
      if (key === `client ${session.id}` && isReachable(session)) return session.client!.dup();
    }
    throw new InspectorRequestError(`"${key}" is gone.`);
  }

  async #serverMain(): Promise<RpcStub<any>> {
    if (this.#main) return this.#main;
    const [client, server] = memoryPair();
    const session = new RpcSession<any>(client);
    session.onClose(() => {
      this.#main = undefined;
    });
    const accepted = await this.#host.accept(server, { medium: "inspector", headers: NO_HEADERS });
    if (!accepted) {
      throw new InspectorRequestError("The host refuses a client without credentials (authorize).");
    }
    const main: RpcStub<any> = session.getRemoteMain();
    this.#main = main;
    return main;
  }

  /** Ends the session of the inspector. */
  dispose(): void {
    this.#main?.[Symbol.dispose]();
  }
}

function isReachable({ medium, client }: HostedSession): boolean {
  return medium !== "http" && medium !== "inspector" && client !== undefined;
}
