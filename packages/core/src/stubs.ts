import { runtime } from "./default-runtime.ts";
import type * as types from "./types/index.ts";

/** See the type of the same name. */
export type RpcStub<T> = types.RpcStub<T>;
/** Makes stubs of what lives here; works without any session. */
export const RpcStub = runtime.RpcStub as unknown as types.RpcStubConstructor;

/** See the type of the same name. */
export type RpcPromise<T> = types.RpcPromise<T>;
/** Makes promises that calls can be made on before they settle; works without any session. */
export const RpcPromise = runtime.RpcPromise as unknown as types.RpcPromiseConstructor;
