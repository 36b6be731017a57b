// Tests of other files, run with a runtime of all components in place of the main entry's. They
// must not notice.
import { vi } from "vitest";

vi.mock("../src/index.ts", async (original) => {
  const main = await original<typeof import("../src/index.ts")>();
  const { createRpc, ...exported } = await import("../src/modular/index.ts");
  const components = Object.values(exported).filter(
    (each) => "name" in each && !("prototype" in each),
  );
  const rpc = createRpc(...(components as never[]));
  const RpcSession = function RpcSession(...args: Parameters<typeof rpc.newSession>) {
    return rpc.newSession(...args);
  };
  return { ...main, RpcSession, RpcStub: rpc.RpcStub, RpcPromise: rpc.RpcPromise };
});

await import("./calls.test.ts");
await import("./documents.test.ts");
await import("./extensions.test.ts");
await import("./lifetimes.test.ts");
await import("./map.test.ts");
await import("./ownership.test.ts");
await import("./promises.test.ts");
await import("./streams.test.ts");
