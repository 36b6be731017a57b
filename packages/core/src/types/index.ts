export type { TargetBrand } from "./brands.ts";
export type { RpcCompatible } from "./compatible.ts";
export type { ReservedName } from "./members.ts";
export type { Passable } from "./params.ts";
export type { Received } from "./result.ts";
export type { RpcPromise, RpcPromiseConstructor, RpcStub, RpcStubConstructor } from "./stub.ts";
export type { ValueTypes } from "./values.ts";
