import { RpcStub, RpcTarget } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws";

class Local extends RpcTarget {
  greet(name: string) {
    return `Hello, ${name}!`;
  }
}

/** Makes a call in memory, and one to the server at a URL. @returns the greetings */
export async function greetings(url: string): Promise<string[]> {
  const local = await new RpcStub(new Local()).greet("memory");
  const api = newWebSocketRpcSession<Local>(url);
  const remote = await api.greet("socket");
  api[Symbol.dispose]();
  return [local, remote];
}
