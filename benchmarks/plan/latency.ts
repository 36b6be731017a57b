import { RpcSession, type RpcStub } from "@capnweb/core";
import { offerPlans, type P, PlanRunner, plan } from "@capnweb/plan";
import { createMemoryLink } from "@capnweb/testkit";
import { Shop } from "./shop.ts";
import { printTable, timesOf, type Ways } from "./ways.ts";

/** Milliseconds of a round trip, with the number of rounds. */
const ROUND_TRIPS = [
  [0, 200],
  [20, 20],
  [100, 6],
] as const;

const notifyVips = plan<Shop>()(($, api, params: P<{ days: number }>) => {
  const old = $.filter(api.orders(), (order) => $.gt(order.age, params.days));
  return $.map(old, (order) => {
    const customer = api.customer(order.customer);
    return $.if(
      customer.vip(),
      () => customer.manager().notify(order.id),
      () => null,
    );
  });
});

const notifyAll = plan<Shop>()((_, api) =>
  api.orders().map((order) => api.customer(order.customer).manager().notify(order.id)),
);

/** The same steps, with a round trip wherever JavaScript needs a value. */
async function awaited(api: RpcStub<Shop>, days: number): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const order of await api.orders()) {
    if (order.age <= days) continue;
    using customer = api.customer(order.customer);
    const isVip = await customer.vip();
    results.push(isVip ? await customer.manager().notify(order.id) : null);
  }
  return results;
}

/** The same with the orders side by side: the fewest round trips without a plan. */
async function sideBySide(api: RpcStub<Shop>, days: number): Promise<unknown[]> {
  const old = (await api.orders()).filter((order) => order.age > days);
  return Promise.all(
    old.map(async (order) => {
      using customer = api.customer(order.customer);
      return (await customer.vip()) ? await customer.manager().notify(order.id) : null;
    }),
  );
}

function connect(roundTrip: number): RpcStub<Shop> {
  const link = createMemoryLink(roundTrip > 0 ? { latency: roundTrip / 2 } : {});
  new RpcSession(link.server, offerPlans(new Shop(), new PlanRunner()));
  return new RpcSession<Shop>(link.client).getRemoteMain();
}

/** Times of the same work as a plan and without one, at three latencies. */
export async function measureLatency(): Promise<void> {
  const choosing: Record<string, number[]> = {};
  const straight: Record<string, number[]> = {};
  for (const [roundTrip, rounds] of ROUND_TRIPS) {
    const api = connect(roundTrip);
    await api.orders();
    await add(choosing, rounds, {
      "a plan": async () => notifyVips(api, { days: 50 }),
      "awaited, side by side": () => sideBySide(api, 50),
      "awaited, one by one": () => awaited(api, 50),
    });
    await add(straight, rounds, {
      ".map()": async () =>
        api.orders().map((order) => api.customer(order.customer).manager().notify(order.id)),
      "a plan, sent as remap": async () => notifyAll(api),
      "a plan, sent to a runner": async () => notifyAll(api, undefined, { tier: "runner" }),
    });
  }
  const columns = ROUND_TRIPS.map(([roundTrip]) => `${roundTrip} ms`.padStart(7));
  printTable("20 orders, with a filter and an if: ms by round trip", columns, choosing);
  printTable("20 orders, straight: ms by round trip", columns, straight);
}

async function add(rows: Record<string, number[]>, rounds: number, ways: Ways): Promise<void> {
  for (const [name, time] of Object.entries(await timesOf(ways, rounds))) {
    rows[name] ??= [];
    rows[name].push(time);
  }
}
