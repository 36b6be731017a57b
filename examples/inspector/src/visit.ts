import type { RpcStub } from "@capnweb/core";
import type { Shop } from "./shop.ts";

/**
 * Visits the shop as a careless client does: with a leaked capability, wasted round trips, a slow
 * method, and a swallowed error.
 */
export async function visit(shop: RpcStub<Shop>, name: string): Promise<void> {
  // Pipelined: all in one round trip.
  using early = shop.login(name);
  using basket = early.openCart();
  const added = basket.add("apple");
  await Promise.all([added, basket.total(), shop.products()]);

  // Wasted: each await is a round trip, and none is needed.
  using account = await shop.login(name);
  const cart = await account.openCart();
  await cart.add("pear");
  const { id } = await account.profile();
  await shop.ordersOf(id);

  // Leaked: nothing disposes of the cart.

  await shop.recommend("apple");

  // Swallowed: the call fails, and nothing asks.
  void shop.track(`visit of ${name}`);

  await shop.redeem("SPRING").catch(() => {});
  for await (const _price of await shop.prices()) {
    // Watches them.
  }
}
