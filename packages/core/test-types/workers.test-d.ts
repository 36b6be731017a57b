// The types of Cloudflare Workers are accepted where this library's own are.
import type * as workers from "cloudflare:workers";
import type { DurableObjectStub, Service } from "@cloudflare/workers-types";
import {
  type RpcCompatible,
  RpcSession,
  RpcStub,
  RpcTarget,
  type Transport,
} from "../src/index.ts";
import { type Equal, expectTrue } from "./equal.ts";

declare const transport: Transport;

declare class Meter extends (null as unknown as typeof workers.RpcTarget) {
  measure(at: number): number;
}
interface Billing extends workers.WorkerEntrypoint {
  charge(cents: number): Promise<string>;
}
interface Room extends workers.DurableObject {
  enter(name: string): Promise<void>;
}
class Door extends RpcTarget {
  open(): boolean {
    return true;
  }
}

interface Api {
  meter(): Meter;
  meterStub(): workers.RpcStub<Meter>;
  use(meter: Meter): void;
  useStub(meter: RpcStub<Meter>): void;
  useWorkersStub(meter: workers.RpcStub<Meter>): void;
  billing(): Service<Billing>;
  useBilling(service: Service<Billing>): void;
  room(): DurableObjectStub<Room>;
  useBoth(both: { meter: Meter; door: Door }): void;
}
declare const api: RpcStub<Api>;
declare const meter: Meter;
declare const meterStub: workers.RpcStub<Meter>;
declare const service: Service<Billing>;
declare const room: DurableObjectStub<Room>;

export async function results() {
  using target = await api.meter();
  expectTrue<Equal<typeof target, RpcStub<Meter>>>();
  const measured: number = await api.meter().measure(1);
  using stub = await api.meterStub();
  const again: number = await stub.measure(2);
  const receipt: string = await api.billing().charge(5);
  await api.room().enter("a");
  return [measured, again, receipt];
}

export async function arguments_() {
  await api.use(meter);
  await api.use(meterStub);
  await api.use(api.meter());
  await api.useStub(meter);
  await api.useStub(meterStub);
  await api.useWorkersStub(meter);
  await api.useWorkersStub(meterStub);
  await api.useWorkersStub(api.meterStub());
  await api.useBilling(service);
  await api.useBilling(api.billing());
  await api.useBoth({ meter: meterStub, door: new Door() });
  // @ts-expect-error another class's target
  await api.use(new Door());
  // @ts-expect-error a service is something else
  await api.useStub(service);
}

export function mains() {
  new RpcSession<Meter>(transport, meter).getRemoteMain().measure(1);
  new RpcSession<workers.RpcStub<Meter>>(transport, meterStub).getRemoteMain().measure(1);
  new RpcStub(meter).measure(1);
  new RpcStub(meterStub).measure(1);
  new RpcStub(service).charge(1);
  new RpcStub(room).enter("a");
  const compatible: RpcCompatible<Meter> = meter;
  return compatible;
}

// @ts-expect-error the mark by which the class is recognised is no member
export const mark = api.meter().__RPC_TARGET_BRAND;
