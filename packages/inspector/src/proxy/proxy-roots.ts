import type { RpcStub } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import type { Recorder } from "../recording/recorder.ts";
import type { Callable, Roots } from "../server/call-it.ts";

/** The object that calls through a proxy begin with: the target's, in a session of the proxy. */
export class ProxyRoots implements Roots {
  readonly #target: string;
  readonly #recorder: Recorder;
  #main: RpcStub<any> | undefined;

  constructor(target: string, recorder: Recorder) {
    this.#target = target;
    this.#recorder = recorder;
  }

  list(): readonly Callable[] {
    return [{ key: "server", label: "server, in a session of the proxy" }];
  }

  open(): RpcStub<any> {
    return this.#connected().dup();
  }

  #connected(): RpcStub<any> {
    if (this.#main) return this.#main;
    const facts = { label: "inspector", medium: "websocket" };
    const { onMessage, onSession, ...options } = this.#recorder.options("client", facts);
    const main = newWebSocketRpcSession<any>(this.#target, undefined, {
      ...options,
      onMessage,
      onSession: (session) => {
        onSession(session);
        session.onClose(() => {
          if (this.#main === main) this.#main = undefined;
        });
      },
    });
    this.#main = main;
    return main;
  }

  /** Ends the session. */
  dispose(): void {
    this.#main?.[Symbol.dispose]();
  }
}
