import { RpcStub, RpcTarget } from "@capnweb/core";
import { expect, test } from "vitest";
import { offerPlans, type P, plan } from "../src/index.ts";

class Manager extends RpcTarget {
  readonly #log: string[];
  constructor(log: string[]) {
    super();
    this.#log = log;
  }
  notify(id: number) {
    this.#log.push(`notified ${id}`);
    return `ok ${id}`;
  }
}

class Api extends RpcTarget {
  readonly #log: string[];
  constructor(log: string[]) {
    super();
    this.#log = log;
  }
  invoices() {
    return [1, 2, 3, 4].map((id) => ({
      id,
      age: id * 10,
      customer: { vip: id % 2 === 0, manager: new Manager(this.#log) },
    }));
  }
  async name(id: number) {
    return `name ${id}`;
  }
  ids() {
    return [1, 2, 3];
  }
}

test("the example", async () => {
  const log: string[] = [];
  using api = new RpcStub(offerPlans(new Api(log)));
  const overdue = plan<Api>()(($, api, p: P<{ days: number }>) =>
    $.filter(api.invoices(), (i) => $.gt(i.age, p.days)).map((i) =>
      $.if(
        i.customer.vip,
        () => i.customer.manager.notify(i.id),
        () => null,
      ),
    ),
  );
  expect(overdue.tier).toBe("runner");
  const results: (string | null)[] = await overdue(api, { days: 15 });
  expect(results).toEqual(["ok 2", null, "ok 4"]);
  expect(log).toEqual(["notified 2", "notified 4"]);
  expect(overdue.toString()).toMatchInlineSnapshot(`
    "plan(api, params) {
      #0 = api.invoices()
      #3 = filter (item1 of #0) {
        #1 = item1.age
        #2 = #1 > params.days
        => #2
      }
      #9 = map (item2 of #3) {
        #4 = item2.customer.vip
        #8 = if (#4) {
          #5 = item2.customer.manager
          #6 = item2.id
          #7 = #5.notify(#6)
          => #7
        } else {
          => null
        }
        => #8
      }
      return #9
    }"
  `);
});

test("straight lines need no runner", async () => {
  using api = new RpcStub(new Api([]));
  const names = plan<Api>()((_$, api, p: P<{ prefix: string }>) => ({
    list: api.ids().map((id) => [p.prefix, api.name(id)] as const),
  }));
  expect(names.tier).toBe("remap");
  const result = await names(api, { prefix: "x" });
  expect(result).toEqual({
    list: [
      ["x", "name 1"],
      ["x", "name 2"],
      ["x", "name 3"],
    ],
  });
});

test("without a runner", async () => {
  using api = new RpcStub(new Api([]));
  const p = plan<Api>()(($, api) => $.size(api.ids()));
  await expect(p(api).then()).rejects.toMatchObject({ code: "PLAN_NO_RUNNER" });
});

test("coercions", () => {
  plan<any>()((_$, _api, p: P<any>) => {
    for (const f of [
      () => `${p.x}`,
      () => p.x + 1,
      () => p.x < 2,
      () => [...p.x],
      () => ({ ...p.x }),
      () => "a" in p.x,
      () => JSON.stringify(p.x),
      // biome-ignore lint/suspicious/noDoubleEquals: coerces
      () => p.x == 1,
      () => -p.x,
    ]) {
      expect(f).toThrow(/\$\.|Return/);
    }
    return null;
  });
});
