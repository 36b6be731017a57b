import type { RpcStub } from "@capnweb/core";
import { NoRunnerError, offerPlans, type P, PlanRunner, plan } from "@capnweb/plan";
import { createMemoryLink, type MemoryLink } from "@capnweb/testkit";
import { describe, expect, test } from "vitest";
import { IMPLEMENTATIONS, OURS, REFERENCE } from "../src/implementation.ts";

interface User {
  name: string;
  age: number;
  friend: User | null;
  rename(name: string): string;
}

interface Api {
  ids(): number[];
  nobody(): number[] | null;
  user(id: number): User;
  tag(value: unknown): { tagged: unknown };
  sum(a: number, b: number): number;
}

/** The server's application, made with the classes of an implementation. */
function createApi({ RpcTarget }: { RpcTarget: any }): any {
  class UserTarget extends RpcTarget {
    readonly #id: number;
    constructor(id: number) {
      super();
      this.#id = id;
    }
    get name() {
      return `user ${this.#id}`;
    }
    get age() {
      return this.#id * 10;
    }
    get friend(): object | null {
      return this.#id === 0 ? null : new UserTarget(this.#id - 1);
    }
    rename(name: string) {
      return `${this.#id} is ${name}`;
    }
  }
  return new (class extends RpcTarget {
    ids() {
      return [1, 2, 3];
    }
    nobody() {
      return null;
    }
    user(id: number) {
      return new UserTarget(id);
    }
    tag(value: unknown) {
      return { tagged: value };
    }
    sum(a: number, b: number) {
      return a + b;
    }
  })();
}

interface Straight {
  readonly plan: any;
  readonly byHand: (api: any) => unknown;
  readonly params?: any;
  /** True if our own `map()` has other captures than that of the reference. */
  readonly hasOwnCaptures?: boolean;
}

/** Plans of straight lines, and the same steps in a `map()` by hand. */
const STRAIGHT: Readonly<Record<string, Straight>> = {
  "a call": {
    plan: plan<Api>()((_$, api) => api.sum(1, 2)),
    byHand: (api) => api.map((it: any) => it.sum(1, 2)),
  },
  "calls on results": {
    plan: plan<Api>()((_$, api) => api.user(2).rename("Ada")),
    byHand: (api) => api.map((it: any) => it.user(2).rename("Ada")),
  },
  "properties of results": {
    plan: plan<Api>()((_$, api) => api.user(2).friend.name),
    byHand: (api) => api.map((it: any) => it.user(2).friend.name),
  },
  "a map": {
    plan: plan<Api>()((_$, api) => api.ids().map((id) => api.user(id).name)),
    byHand: (api) => api.map((it: any) => it.ids().map((id: any) => it.user(id).name)),
  },
  "a map of a map": {
    plan: plan<Api>()((_$, api) => api.ids().map((a) => api.ids().map((b) => api.sum(a, b)))),
    byHand: (api) =>
      api.map((it: any) => it.ids().map((a: any) => it.ids().map((b: any) => it.sum(a, b)))),
    hasOwnCaptures: true,
  },
  "a map of nothing": {
    plan: plan<Api>()(($, api) => $.map(api.nobody() as any, (id: any) => api.user(id).name)),
    byHand: (api) => api.map((it: any) => it.nobody().map((id: any) => it.user(id).name)),
  },
  "objects and lists": {
    plan: plan<Api>()((_$, api) => ({ list: [api.sum(1, 2), 7, null], at: new Date(5), big: 5n })),
    byHand: (api) =>
      api.map((it: any) => ({ list: [it.sum(1, 2), 7, null], at: new Date(5), big: 5n })),
  },
  "objects in arguments": {
    plan: plan<Api>()((_$, api) => api.tag({ deep: [api.sum(1, 2)] })),
    byHand: (api) => api.map((it: any) => it.tag({ deep: [it.sum(1, 2)] })),
  },
  params: {
    plan: plan<Api>()((_$, api, p: P<{ a: number; b: { c: number } }>) => api.sum(p.a, p.b.c)),
    params: { a: 3, b: { c: 4 } },
    byHand: (api) => api.map((it: any) => it.sum(3, 4)),
  },
  "a failure": {
    plan: plan<Api>()((_$, api) => (api as any).nonsense(1)),
    byHand: (api) => api.map((it: any) => it.nonsense(1)),
  },
};

interface Connected {
  readonly link: MemoryLink;
  readonly api: RpcStub<Api>;
}

/** Our client, connected to a server of an implementation. */
function connect(server: { RpcSession: any; RpcTarget: any }): Connected {
  const link = createMemoryLink();
  new server.RpcSession(link.server, createApi(server));
  return { link, api: new OURS.RpcSession(link.client).getRemoteMain() };
}

/** The outcome of a promise, with everything that both sides sent. */
async function outcomeOf({ link, api }: Connected, run: (api: RpcStub<Api>) => unknown) {
  const outcome = await Promise.resolve(run(api)).then(
    (got: any) =>
      JSON.stringify(got, (_key, each) => (typeof each === "bigint" ? `${each}n` : each)),
    (error: any) => `${error}`,
  );
  await link.settle();
  const sent = [link.sentBy("client"), link.sentBy("server")];
  (api as Disposable)[Symbol.dispose]();
  return { outcome, sent };
}

describe.each(Object.entries(STRAIGHT))("%s", (_name, straight) => {
  const { plan, byHand, params } = straight;

  test.each([
    ["the reference", REFERENCE],
    ["ours", OURS],
  ])("travels to %s as the same map() by hand", async (_server, server) => {
    const planned = await outcomeOf(connect(server), (api) => plan(api, params));
    const expected = await outcomeOf(connect(server), byHand);
    expect(plan.tier).toBe("remap");
    expect(planned).toEqual(expected);
    expect(planned.sent[0]!.some((message) => `${message}`.includes('"remap"'))).toBe(true);
  });

  test.skipIf(straight.hasOwnCaptures)("is what the reference's own client sends", async () => {
    const planned = await outcomeOf(connect(REFERENCE), (api) => plan(api, params));
    const link = createMemoryLink();
    new REFERENCE.RpcSession(link.server, createApi(REFERENCE));
    const api = new REFERENCE.RpcSession(link.client).getRemoteMain();
    const expected = await outcomeOf({ link, api }, byHand);
    expect(planned).toEqual(expected);
  });

  test("gives the same in a runner", async () => {
    const { outcome } = await outcomeOf(connect(REFERENCE), (api) => plan(api, params));
    const link = createMemoryLink();
    new OURS.RpcSession(link.server, offerPlans(createApi(OURS), new PlanRunner()));
    const api = new OURS.RpcSession(link.client).getRemoteMain();
    const there = await outcomeOf({ link, api }, () => plan(api, params, { tier: "runner" }));
    expect(there.outcome).toBe(outcome);
  });
});

const NEEDS_RUNNER = plan<Api>()(($, api) => $.filter(api.ids(), (id) => $.gt(id, 1)));

test.each(Object.entries(IMPLEMENTATIONS))(
  "a server of %s without a runner",
  async (_name, server) => {
    const { api, link } = connect(server);
    const error = await Promise.resolve(NEEDS_RUNNER(api)).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(NoRunnerError);
    expect((error as Error).message).toContain("offerPlans()");
    await link.settle();
    expect(await api.sum(1, 2)).toBe(3);
    (api as Disposable)[Symbol.dispose]();
  },
);
