import { InspectorModel, isSwallowed, quantile } from "@capnweb/inspector/model";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startShop } from "../src/server.ts";
import type { Shop } from "../src/shop.ts";
import { visit } from "../src/visit.ts";

const model = new InspectorModel();
let stop: () => Promise<void>;

beforeAll(async () => {
  vi.stubEnv("NODE_ENV", "development");
  const shop = await startShop();
  const api = newWebSocketRpcSession<Shop>(shop.url);
  for (const name of ["Ada", "Grace"]) await visit(api, name);
  // The last visit's releases arrive before this.
  await api.products();
  for (const entry of shop.inspector.recorder.entries) model.add(entry);
  stop = async () => {
    api[Symbol.dispose]();
    await shop.stop();
  };
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await stop();
});

test("the inspector finds the leaked carts, and the place where they were made", () => {
  const carts = model.held().filter(({ label }) => label === "Cart");
  expect(carts.map(({ from, how }) => `${from?.name} ${how}`)).toEqual([
    "openCart answer",
    "openCart answer",
  ]);
  expect(carts[1]!.stack).toContain("shop.ts");
  expect(model.held().some(({ label }) => label === "Account")).toBe(false);
});

test("it finds the wasted round trips, and no others", () => {
  const wasted = [...model.calls].filter(({ waste }) => waste);
  expect(wasted.map(({ name, waste }) => `${waste!.of.name} → ${name}`).slice(0, 3)).toEqual([
    "login → openCart",
    "openCart → add",
    "profile → ordersOf",
  ]);
  expect(wasted).toHaveLength(6);
});

test("it finds the slow method", () => {
  const methods = [...model.methods.values()].map(({ name, recent }) => ({
    name,
    median: quantile(recent, 0.5),
  }));
  methods.sort((a, b) => b.median - a.median);
  expect(methods[0]!.name).toBe("recommend");
});

test("it finds the swallowed errors, and tells them from those that were handled", () => {
  const later = Date.now() + 60_000;
  const failed = [...model.problems].map(({ call }) => call!);
  const swallowed = failed.filter((call) => isSwallowed(call, later)).map(({ name }) => name);
  expect(swallowed).toEqual(["track", "track"]);
  expect(failed).toHaveLength(4);
});
