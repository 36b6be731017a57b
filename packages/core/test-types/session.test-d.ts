import {
  type BaseSession,
  type CallSession,
  RpcPromise,
  RpcSession,
  RpcStub,
  RpcTarget,
  type Transport,
} from "../src/index.ts";

declare const transport: Transport;

interface Api {
  greet(name: string): string;
}
class Impl extends RpcTarget implements Api {
  #secret = 1;
  private hidden = 2;
  greet(name: string) {
    return name + this.#secret + this.hidden;
  }
}

const byInterface: RpcStub<Api> = new RpcSession<Api>(transport, new Impl()).getRemoteMain();
const byClass = new RpcSession<Impl>(transport).getRemoteMain();
byInterface.greet("x");
byClass.greet("x");
// @ts-expect-error private members are not part of the interface
byClass.hidden;
// @ts-expect-error a Map can't travel
new RpcSession<Map<string, string>>(transport);
new RpcSession(transport);

const local = new RpcStub(new Impl());
export const greeting: RpcPromise<string> = local.greet("x");
const pending = new RpcPromise(Promise.resolve(new Impl()));
pending.greet("x");
const annotated = new RpcPromise<Impl>(Promise.resolve(local.dup()) as never);
annotated.greet("x");

// A list of sessions, or a map by session, takes each of them.
const sessions: BaseSession<any>[] = [
  new RpcSession(transport),
  new RpcSession<undefined>(transport),
  new RpcSession<Api>(transport),
  new RpcSession<Impl>(transport),
  new RpcSession<any>(transport),
];
const known: BaseSession<Api> = new RpcSession<Api>(transport);
export const ofCalls: CallSession[] = [...sessions, known, new RpcSession(transport)];
// @ts-expect-error a session with a known main object isn't one with another
export const another: BaseSession<Api> = new RpcSession<{ other(): number }>(transport);
