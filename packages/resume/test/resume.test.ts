import { RpcTarget } from "@capnweb/core";
import { ResumeError } from "@capnweb/resume";
import { expect, it } from "vitest";
import { Network, until } from "./network.ts";

class Api extends RpcTarget {
  readonly added: number[] = [];
  #resolve: ((value: string) => void) | undefined;

  add(n: number) {
    this.added.push(n);
    return n;
  }

  wait(): Promise<string> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  release(value: string) {
    this.#resolve?.(value);
  }

  callBack(callback: (n: number) => number) {
    return callback(1);
  }
}

it("goes on with calls under way after a cut", async () => {
  const main = new Api();
  const network = new Network(() => main);
  const states: string[] = [];
  const { api, transport } = network.connect<Api>({
    onStateChange: ({ state, outcome }) => states.push(outcome ? `${state}: ${outcome}` : state),
  });
  expect(await api.add(1)).toBe(1);
  expect(transport.peer).toBe("resumable");
  const waiting = api.wait();
  await api.add(2);
  network.link.cut();
  const third = api.add(3);
  await until(() => transport.state === "open");
  await api.release("done");
  expect(await waiting).toBe("done");
  expect(await third).toBe(3);
  expect(main.added).toEqual([1, 2, 3]);
  expect(states).toEqual(["open", "interrupted", "open: resumed"]);
  expect(network.accepted.map(({ kind }) => kind)).toEqual(["new", "resumed"]);
  api[Symbol.dispose]();
  await until(() => network.accepted[0]!.transport.state === "closed");
});

it("loses nothing if it is cut again and again", async () => {
  const main = new Api();
  const network = new Network(() => main);
  const { api } = network.connect<Api>();
  const results: Promise<number>[] = [];
  for (let i = 0; i < 200; i++) {
    results.push(api.add(i));
    if (i % 7 === 0) await Promise.resolve();
    if (i % 10 === 5) network.links.at(-1)?.cut();
    if (i % 13 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await Promise.all(results)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  expect(main.added).toEqual(Array.from({ length: 200 }, (_, i) => i));
});

it("survives any number of cuts at rest", async () => {
  const network = new Network(() => new Api());
  const { api, transport } = network.connect<Api>();
  expect(await api.add(0)).toBe(0);
  for (let i = 1; i <= 100; i++) {
    network.link.cut();
    await until(() => transport.state === "open" && network.accepted.length === i + 1);
    await network.link.settle();
  }
  expect(await api.add(1)).toBe(1);
});

it("ends with an error when the window has passed", async () => {
  const network = new Network(() => new Api());
  const { api, transport } = network.connect<Api>({ window: 20 });
  await api.add(1);
  network.isDown = true;
  network.link.cut();
  const error = await api.add(2).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ResumeError);
  expect(error.code).toBe("RESUME_EXPIRED");
  expect(transport.state).toBe("closed");
});

it("tells that the session is gone, and starts a new one on the same connection", async () => {
  const network = new Network(() => new Api());
  const { api, transport } = network.connect<Api>();
  await api.add(1);
  network.acceptor.dispose();
  const other = new Network(() => new Api());
  network.accept = (each) => other.accept(each);
  network.link.cut();
  const error = await api.add(2).catch((error: unknown) => error);
  expect(error.code).toBe("RESUME_FRESH");
  const { RpcSession } = await import("@capnweb/core");
  const next = transport.successor();
  const session = new RpcSession<any>(next);
  expect(await session.getRemoteMain().add(5)).toBe(5);
  expect(next.epoch).toBe(other.acceptor.epoch);
  expect(network.links.length).toBe(2);
});
