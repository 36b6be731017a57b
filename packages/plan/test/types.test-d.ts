import type { RpcPromise, RpcStub } from "@capnweb/core";
import { type OffersPlans, type P, type Plan, type PlanBuilder, plan } from "../src/index.ts";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<T>() {
  return <U>(_value: U, ..._same: Same<T, U> extends true ? [] : [never]) => {};
}

interface Customer {
  vip: boolean;
  name: string;
  manager: Manager;
}
interface Manager {
  notify(id: number, options?: { urgent: boolean }): Promise<string>;
}
interface Invoice {
  id: number;
  age: number;
  due: Date;
  customer: Customer;
  note?: string;
}
interface Api {
  invoices(): Promise<Invoice[]>;
  find(id: number): Invoice | undefined;
  save(invoice: { id: number; tags: string[] }): void;
  watch(listener: (id: number) => void): number;
}
declare const api: RpcStub<Api>;

// Params and results are inferred.

const overdue = plan<Api>()(($, api, p: P<{ days: number }>) =>
  $.filter(api.invoices(), (i) => $.gt(i.age, p.days)).map((i) =>
    $.if(
      i.customer.vip,
      () => i.customer.manager.notify(i.id),
      () => null,
    ),
  ),
);
expectType<Plan<Api, { days: number }, (string | null)[]>>()(overdue);
expectType<RpcPromise<(string | null)[]>>()(overdue(api, { days: 30 }));
// @ts-expect-error params are required
overdue(api);
// @ts-expect-error days is a number
overdue(api, { days: "30" });

const none = plan<Api>()(($, api) => ({
  count: $.size(api.invoices()),
  list: [1, $.add("a", "b")] as const,
}));
expectType<RpcPromise<{ count: number; list: [1, string] }>>()(none(api));

plan<Api>()(($, api, p: P<{ x: number; s: string; o: { a: number } | null }>) => {
  expectType<P<number>>()($.add(p.x, 1));
  expectType<P<string>>()($.add(p.s, "!"));
  expectType<P<Date>>()(api.invoices()[0]!.due);
  expectType<P<number>>()(p.o.a);
  expectType<P<string>>()(api.find(1).customer.manager.notify(p.x, { urgent: $.lt(p.x, 3) }));
  expectType<P<Invoice | undefined>>()($.find(api.invoices(), (i) => $.eq(i.id, p.x)));
  expectType<P<number>>()($.reduce(api.invoices(), 0, (sum, i) => $.add(sum, i.age)));
  expectType<P<string[]>>()($.loop(api.invoices(), (i) => i.customer.name));
  expectType<P<number | string>>()(
    $.try(
      () => $.div(p.x, 2),
      (failure) => failure.message,
    ),
  );
  api.save({ id: p.x, tags: [p.s, "b"] });

  const n = $.let(0);
  $.set(n, $.add(n, p.x));
  // @ts-expect-error a text isn't a number
  $.set(n, "a");
  // @ts-expect-error only variables can be set
  $.set(p.x, 1);

  // A placeholder isn't a value.
  // @ts-expect-error
  p.x + 1;
  // @ts-expect-error
  p.x * 2;
  // @ts-expect-error
  p.x < 2;
  // @ts-expect-error
  p.x === 2;
  // @ts-expect-error
  p.s === "a";
  // @ts-expect-error
  [...api.invoices()];
  // @ts-expect-error
  const number: number = p.x;
  // @ts-expect-error
  Math.max(p.x, 1);

  // Operators know their kinds.
  // @ts-expect-error
  $.add(p.x, "1");
  // @ts-expect-error
  $.not(p.x);
  // @ts-expect-error
  $.if(p.x, () => 1);
  // @ts-expect-error
  $.filter(api.invoices(), (i) => i.age);

  // Calls know their parameters.
  // @ts-expect-error
  api.find("1");
  // @ts-expect-error
  api.missing();
  // @ts-expect-error
  api.save({ id: p.s, tags: [] });
  return number;
});

// A plan runs inside another one.
plan<Api>()((_$, api) => {
  const result = overdue(api, { days: 3 });
  expectType<P<(string | null)[]>>()(result);
  return result;
});

// The type of the result can be asked for, though a plan is also callable inside of others.
expectType<(string | null)[]>()([...({} as Awaited<ReturnType<typeof overdue>>)]);

// A main object with a runner.
declare const offering: RpcStub<Api & OffersPlans>;
overdue.prepare(offering.$plans).then((prepared) => prepared(offering, { days: 3 }));
overdue(offering, { days: 3 });

// A function that makes parts of plans.
export function isOld($: PlanBuilder, invoice: P<Invoice>) {
  return $.gt(invoice.age, 100);
}
