// The static types of an application's own value types.
import type { Passable, Received, RpcStub } from "../src/index.ts";
import { type Equal, expectTrue } from "./equal.ts";

declare class Money {
  readonly cents: bigint;
  add(other: Money): Money;
}

declare module "../src/index.ts" {
  interface OwnValueTypes {
    money: Money;
  }
}

expectTrue<Equal<Received<Money>, Money>>();
expectTrue<Equal<Received<{ prices: Money[] }>, { prices: Money[] }>>();

declare const api: RpcStub<{ pay(price: Money): Money }>;
declare const price: Money;
api.pay(price);
export const passable: Passable<Money> = Promise.resolve(price);
export const sum = async () => (await api.pay(price)).add(price).cents;
