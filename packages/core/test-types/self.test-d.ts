// Interfaces and classes whose members are stubs of themselves.
import { RpcStub, RpcTarget } from "../src/index.ts";
import { type Equal, expectTrue } from "./equal.ts";

class Inferred extends RpcTarget {
  note(value: number) {
    return value;
  }
  self() {
    return new RpcStub(this);
  }
  later() {
    return Promise.resolve(this.self());
  }
  nested() {
    return { self: this.self(), list: [this.self()] };
  }
  copy() {
    return new RpcStub<Inferred>(this).dup();
  }
}

class Annotated extends RpcTarget {
  note(value: number) {
    return value;
  }
  self(): RpcStub<Annotated> {
    return new RpcStub<Annotated>(this);
  }
  later(): Promise<RpcStub<Annotated> | null> {
    return Promise.resolve(this.self());
  }
  nested(): { self: RpcStub<Annotated>; list: RpcStub<Annotated>[] } {
    return { self: this.self(), list: [] };
  }
  take(other: RpcStub<Annotated>, each: (one: RpcStub<Annotated>) => void) {
    each(other);
  }
}

interface Plain {
  name: string;
  parent: RpcStub<Plain> | undefined;
  self(): RpcStub<Plain>;
  children(): Promise<RpcStub<Plain>[]>;
}

export async function inferred(stub: RpcStub<Inferred>) {
  const direct: number = await stub.self().note(1);
  const later: number = await stub.later().self().note(1);
  const nested: number = await stub.nested().list[0]!.note(1);
  const copy: number = await stub.copy().note(2);
  const local: number = await new RpcStub(new Inferred()).self().note(2);
  return [direct, later, nested, copy, local];
}

export async function annotated(stub: RpcStub<Annotated>) {
  const self = await stub.self();
  expectTrue<Equal<typeof self, RpcStub<Annotated>>>();
  const later: number = await stub.later().note(1);
  const { list } = await stub.nested();
  const one: number = await list[0]!.note(1);
  await stub.take(stub, (each) => each.self().note(1));
  await stub.take(stub.self(), (each) => each.note(1));
  return [later, one];
}

export async function plain(stub: RpcStub<Plain>) {
  const name: string = await stub.self().self().name;
  const parent: string = await stub.parent.parent.name;
  const names: string[] = await stub.children().map((child) => child.name);
  return [name, parent, names];
}
