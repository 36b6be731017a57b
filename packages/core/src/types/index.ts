export type { StubBrand, TargetBrand } from "./brands.ts";
export type { Passable } from "./params.ts";
export type { Awaitable, Received } from "./result.ts";
export type {
  RpcCompatible,
  RpcPromise,
  RpcPromiseConstructor,
  RpcStub,
  RpcStubConstructor,
  StubMembers,
} from "./stub.ts";
export type { CannotTravel, Value, ValueTypes } from "./values.ts";
