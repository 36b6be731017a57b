// Calls: overloads, callers with type parameters, callbacks, promises made by the program, and the
// members that a stub has and lacks.
import {
  type RpcCompatible,
  RpcPromise,
  RpcSession,
  type RpcStub,
  RpcTarget,
  type Transport,
} from "../src/index.ts";
import { type Equal, expectTrue } from "./equal.ts";

declare const transport: Transport;
type IsAny<T> = 0 extends 1 & T ? true : false;

class Valve extends RpcTarget {
  turn(degrees: number): boolean {
    return degrees > 0;
  }
}

interface Plant {
  find(id: number): Valve;
  find(name: string, floor?: number): Promise<Valve[]>;
  find(at: { x: number }, callback: (valve: RpcStub<Valve>) => void): void;
  fail(): never;
  fail(code: number): never;
  untyped(): any;
  watch(listener: (pressure: number) => void): void;
  decide(judge: (pressure: number) => Promise<boolean>): void;
  either(judge: (pressure: number) => boolean | Promise<boolean>): void;
  names(): string[];
  opened(): Date;
}
declare const plant: RpcStub<Plant>;
declare const valve: RpcStub<Valve>;

export async function overloads() {
  const turned: boolean = await plant.find(1).turn(90);
  const [first] = await plant.find("main", 2);
  const again: boolean = await first!.turn(1);
  await plant.find({ x: Promise.resolve(1) }, (found) => void found.turn(2));
  // @ts-expect-error no overload takes a boolean
  plant.find(true);
  // @ts-expect-error the overloads don't mix
  plant.find(1, 2);
  // @ts-expect-error the second one gives a list
  plant.find("main").turn(1);
  const never: Promise<never> = plant.fail();
  return [turned, again, never];
}

interface Signals {
  high: { bar: number };
  leak: { litres: number; where: string };
}

/** A caller's type parameter stands for itself, wherever the argument contains it. */
export function generic<K extends keyof Signals, Id extends string>(
  send: RpcStub<(signal: { kind: K; data: Signals[K]; to: readonly Id[] }) => void>,
  bare: RpcStub<(kind: K, last?: Id) => void>,
  kind: K,
  data: Signals[K],
  id: Id,
) {
  send({ kind, data, to: [id] });
  bare(kind, id);
  // @ts-expect-error not every text is one of the parameter's
  send({ kind, data, to: ["x"] });
  // @ts-expect-error nor every key
  bare("high");
}

/** Inside a generic function, the members of the parameter's bound can be used. */
export function bounded<V extends Valve>(one: RpcStub<V>) {
  const turned: Promise<boolean> = one.turn(1);
  // @ts-expect-error the bound has no such method
  one.close();
  return turned;
}

export async function callbacks() {
  await plant.watch(async (pressure) => void (await valve.turn(pressure)));
  await plant.watch((pressure) => pressure * 2);
  await plant.decide(async (pressure) => pressure > 1);
  await plant.decide((pressure) => valve.turn(pressure));
  await plant.either((pressure) => pressure > 1);
  await plant.either(async (pressure) => pressure > 1);
  // @ts-expect-error the judge has to give a promise
  plant.decide((pressure) => pressure > 1);
  // @ts-expect-error of a boolean
  plant.decide(async (pressure) => `${pressure}`);
  // @ts-expect-error a listener isn't told more than the pressure
  plant.watch((pressure: number, when: Date) => [pressure, when]);
}

export async function ofAny(stub: RpcStub<any>) {
  const promise = plant.untyped();
  expectTrue<Equal<IsAny<typeof promise>, false>>();
  expectTrue<Equal<IsAny<typeof stub>, false>>();
  const value: Promise<unknown> = promise;
  using copy = stub.dup();
  copy.onRpcBroken((_error) => {});
  return [value, await promise.some.path(1), await stub.some.path(1)];
}

export function made(either: Promise<Valve | RpcStub<Valve>>) {
  expectTrue<Equal<typeof ofStub, RpcPromise<Valve>>>();
  const ofStub = new RpcPromise(Promise.resolve(valve));
  const ofEither: RpcPromise<Valve> = new RpcPromise(either);
  const ofCall: RpcPromise<Valve> = new RpcPromise(plant.find(1));
  const stated = new RpcPromise<Valve>(Promise.resolve(valve));
  // @ts-expect-error a text is no promise
  new RpcPromise("valve");
  // @ts-expect-error nor is a stub
  new RpcPromise(valve);
  return [ofStub, ofEither, ofCall, stated];
}

export function recorded() {
  const lengths = plant.names().map((name) => [plant.find(name), name] as const);
  // @ts-expect-error what is recorded with is no promise
  plant.names().map((name) => name.then(() => 1));
  // @ts-expect-error nor may the result hold one that isn't a call's
  plant.names().map((name) => ({ deep: [{ name, at: Promise.resolve(1) }] }));
  // @ts-expect-error not even sometimes
  plant.names().map((name) => (Math.random() > 0.5 ? name : Promise.resolve("")));
  return lengths;
}

export function membersOfValues() {
  // @ts-expect-error a list offers its elements
  plant.names().length;
  // @ts-expect-error a text nothing
  plant.names()[0]!.length;
  // @ts-expect-error nor a date
  plant.opened().getTime();
}

interface WithMap {
  map(area: string): number;
}
class WithDup extends RpcTarget {
  dup(): void {}
}
interface WithProperty {
  then: number;
}

export function reservedNames() {
  // @ts-expect-error stubs have a map() of their own
  new RpcSession<WithMap>(transport);
  // @ts-expect-error and a dup()
  new RpcSession<WithDup>(transport);
  // A property of that name does no harm, because nothing calls it.
  new RpcSession<WithProperty>(transport);
}

interface WithSymbols {
  shown: string;
  [Symbol.iterator]: number;
}
interface Ledger {
  put(entry: WithSymbols): Promise<WithSymbols>;
}
export async function symbols(ledger: RpcStub<Ledger>) {
  const entry = await ledger.put({ shown: "a" });
  // @ts-expect-error what has a symbol for a name doesn't arrive
  return entry[Symbol.iterator];
}

expectTrue<unknown extends RpcCompatible<unknown> ? true : false>();
expectTrue<string[] extends RpcCompatible<string[]> ? true : false>();
expectTrue<RpcStub<Valve> extends RpcCompatible<RpcStub<Valve>> ? true : false>();
