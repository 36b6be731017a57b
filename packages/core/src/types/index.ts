export type { StubBrand, TargetBrand } from "./brands.ts";
export type { RpcCompatible } from "./compatible.ts";
export type { StubMembers } from "./members.ts";
export type { Passable } from "./params.ts";
export type { Received } from "./result.ts";
export type { Behind, RpcPromise, RpcStub } from "./stub.ts";
export type { ValueTypes } from "./values.ts";
