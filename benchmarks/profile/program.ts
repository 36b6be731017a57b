// The program that `run.mjs` profiles. It repeats one kind of use, of a session in memory or of the
// codec alone.
import { RpcSession, RpcTarget, type Transport, type TransportReceiver } from "@capnweb/core";
import { deserialize, serialize } from "@capnweb/wire";
import { documentWithDates } from "../src/cases/values.ts";

class Api extends RpcTarget {
  echo(value: unknown) {
    return value;
  }
  self() {
    return this;
  }
  list(length: number) {
    return Array.from({ length }, (_, i) => i);
  }
}

const document = {
  title: "A document of about two kilobytes",
  when: new Date(0),
  paragraphs: Array.from({ length: 16 }, (_, i) => ({
    id: i,
    text: "words ".repeat(15),
    at: i * 1.5,
  })),
};

const text = serialize(documentWithDates);

const uses: Record<string, (api: any) => unknown> = {
  call: (api) => api.echo(1),
  "many calls": (api) => Promise.all(Array.from({ length: 200 }, (_, i) => api.echo(i))),
  document: (api) => api.echo(document),
  async chain(api) {
    let stub = api;
    for (let i = 1; i < 10; i++) stub = stub.self();
    await stub.echo(1);
  },
  map: (api) => api.list(1_000).map((n: unknown) => api.echo(n)),
  serialize: () => serialize(documentWithDates),
  deserialize: () => deserialize(text),
};

function link(): [Transport, Transport] {
  const end = () => {
    let receiver!: TransportReceiver;
    return {
      peer: undefined as unknown as { deliver(message: unknown): void },
      start(to: TransportReceiver) {
        receiver = to;
      },
      send(message: unknown) {
        Promise.resolve().then(() => this.peer.deliver(message));
      },
      deliver: (message: unknown) => receiver.receive(message),
      abort() {},
    };
  };
  const [a, b] = [end(), end()];
  a.peer = b;
  b.peer = a;
  return [a, b];
}

const [, , name = "call", milliseconds = "3000"] = process.argv;
const use = uses[name];
if (use === undefined) throw new Error(`One of: ${Object.keys(uses).join(", ")}`);
const [near, far] = link();
new RpcSession(far, new Api());
const api = new RpcSession(near).getRemoteMain();
const start = performance.now();
let times = 0;
while (performance.now() < start + Number(milliseconds)) {
  for (let i = 0; i < 20; i++) await use(api);
  times += 20;
}
console.log(`${(((performance.now() - start) * 1_000) / times).toFixed(2)} µs a ${name}`);
