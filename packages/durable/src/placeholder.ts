import { RpcStub } from "@capnweb/core";

/** A stub of an object that doesn't exist yet. */
export interface Placeholder {
  /** Calls on it wait for the object. Disposing of it disposes of the object, now or later. */
  readonly stub: RpcStub<any>;
  /** Says which stub it stands for. Takes over `stub`. */
  settle(stub: RpcStub<any>): void;
}

/** Makes a {@link Placeholder}. One that is never settled can be forgotten. */
export function placeholder(): Placeholder {
  let settle: (stub: RpcStub<any>) => void;
  const promise = new Promise<RpcStub<any>>((resolve) => {
    settle = resolve;
  });
  return { stub: new RpcStub<any>(promise), settle: (stub) => settle(stub) };
}
