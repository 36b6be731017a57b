import "./symbol-dispose.ts";

export { runtime } from "./default-runtime.ts";
export { RpcSessionImplementation } from "./rpc-session.ts";
export { RpcTarget } from "./target.ts";
