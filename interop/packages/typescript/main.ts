import { type RpcStub, RpcTarget } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws";

class Counter extends RpcTarget {
  #count = 0;
  increment(by = 1): number {
    this.#count += by;
    return this.#count;
  }
}
class Api extends RpcTarget {
  counter(): Counter {
    return new Counter();
  }
  ids(): number[] {
    return [1, 2];
  }
  name(id: number): string {
    return `user ${id}`;
  }
  async countdown(from: number, show: RpcStub<(n: number) => void>): Promise<string> {
    for (let n = from; n > 0; n--) await show(n);
    return "lift-off";
  }
  log(): ReadableStream<string> {
    return new ReadableStream();
  }
}

export async function use(): Promise<string> {
  using api = newWebSocketRpcSession<Api>("ws://localhost:8080/api");
  const count: number = await api.counter().increment(2);
  const end: string = await api.countdown(count, (n) => void n.toFixed());
  const names: string[] = await api.ids().map((id) => api.name(id));
  const log: ReadableStream<string> = await api.log();
  // @ts-expect-error there is no such method
  await api.missing();
  // @ts-expect-error a name is text
  const wrong: number = await api.name(1);
  return `${end} ${names.join()} ${log.locked} ${wrong}`;
}
