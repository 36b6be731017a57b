import { runtime } from "./default-runtime.ts";
import type { RpcSessionOptions } from "./session/options.ts";
import { fromPullTransport } from "./session/pull-transport.ts";
import { Session } from "./session/session.ts";
import type { AnyRpcTransport, Transport } from "./transport.ts";

/** The session behind the typed `RpcSession`; see there. */
export class RpcSessionImplementation {
  readonly #session: Session;
  readonly #main: object;

  constructor(
    transport: Transport | AnyRpcTransport,
    localMain?: unknown,
    options: RpcSessionOptions = {},
  ) {
    this.#session = new Session(
      runtime,
      "start" in transport ? transport : fromPullTransport(transport),
      runtime.hookOfHandedIn(localMain),
      options,
    );
    this.#main = runtime.makeStub(this.#session.remoteMain());
  }

  getRemoteMain(): unknown {
    return this.#main;
  }

  getStats(): { imports: number; exports: number } {
    return { imports: this.#session.imports.size, exports: this.#session.exports.size };
  }

  drain(): Promise<void> {
    return this.#session.drain();
  }
}
