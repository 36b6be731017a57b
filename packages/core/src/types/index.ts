export type { TargetBrand } from "./brands.ts";
export type { Passable } from "./params.ts";
export type { Received } from "./result.ts";
export type {
  RpcCompatible,
  RpcPromise,
  RpcPromiseConstructor,
  RpcStub,
  RpcStubConstructor,
} from "./stub.ts";
export type { ValueTypes } from "./values.ts";
