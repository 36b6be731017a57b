// Compiled with the tests.
import { RpcTarget } from "@capnweb/core";
import {
  Durable,
  type KeyRing,
  offerDurable,
  type RestoreContext,
  restore,
  restoreParams,
} from "../src/index.ts";

declare const keys: KeyRing;

class Public extends RpcTarget {
  static [restore](_params: number) {
    return new Public();
  }
  [restoreParams]() {
    return 1;
  }
}

class Private extends RpcTarget {
  static [restore](_params: number, { identity }: RestoreContext<{ name: string }>) {
    return new Private(identity.name);
  }
  constructor(_name: string) {
    super();
  }
  [restoreParams]() {
    return 1;
  }
}

export async function use() {
  const open = new Durable({ classes: { public: Public }, keys });
  await open.unseal("token");
  offerDurable(new Public(), open);
  const closed = new Durable({ classes: { private: Private }, keys });
  await closed.unseal("token", { identity: { name: "ada" } });
  offerDurable(new Public(), closed, { identity: { name: "ada" } });
  // @ts-expect-error the class needs an identity
  await closed.unseal("token");
  // @ts-expect-error the class needs an identity
  await closed.unseal("token", { audience: "ada" });
  // @ts-expect-error the class needs an identity
  offerDurable(new Public(), closed);
  // @ts-expect-error a class without [restore]
  new Durable({ classes: { none: RpcTarget }, keys });
}
