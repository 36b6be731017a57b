/** An implementation, ours or the reference's, through one untyped view. */
export type Implementation = any;

/** Something to measure: `run` does it once, with a client that is connected already. */
export interface Case {
  readonly name: string;
  /** How many operations a run counts as. */
  readonly operations: number;
  run(api: any, implementation: Implementation): Promise<unknown> | unknown;
}

export function createApi({ RpcTarget }: Implementation): object {
  return new (class Api extends RpcTarget {
    echo(value: unknown) {
      return value;
    }
    self() {
      return this;
    }
    list(length: number) {
      return Array.from({ length }, (_, i) => i);
    }
    async callBack(callback: (value: number) => unknown, times: number) {
      for (let i = 0; i < times; i++) await callback(i);
    }
    bytes(chunks: number, size: number) {
      const chunk = new Uint8Array(size);
      let left = chunks;
      return new ReadableStream({
        pull(controller) {
          if (left-- === 0) controller.close();
          else controller.enqueue(chunk);
        },
      });
    }
  })();
}

const large = { text: "x".repeat(1900), when: new Date(0), list: [1, 2, 3] };

export const cases: readonly Case[] = [
  {
    name: "one call at a time",
    operations: 100,
    async run(api) {
      for (let i = 0; i < 100; i++) await api.echo(i);
    },
  },
  {
    name: "200 in flight, small argument",
    operations: 200,
    run: (api) => Promise.all(Array.from({ length: 200 }, (_, i) => api.echo(i))),
  },
  {
    name: "200 in flight, 2 KB argument",
    operations: 200,
    run: (api) => Promise.all(Array.from({ length: 200 }, () => api.echo(large))),
  },
  {
    name: "a chain of ten",
    operations: 1,
    async run(api) {
      let stub = api;
      for (let i = 0; i < 9; i++) stub = stub.self();
      await stub.echo(1);
    },
  },
  {
    name: "map over 1,000",
    operations: 1000,
    run: (api) => api.list(1000).map((n: unknown) => api.echo(n)),
  },
  {
    name: "100 callbacks from the server",
    operations: 100,
    run: (api) => api.callBack((n: number) => n, 100),
  },
  {
    name: "a stream of 4 MB",
    operations: 4,
    async run(api) {
      for await (const _ of await api.bytes(64, 65_536));
    },
  },
];
