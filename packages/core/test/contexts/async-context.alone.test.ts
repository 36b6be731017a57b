import { describe, expect, it } from "vitest";
import { currentCall as exported } from "../../src/async-context.ts";
import { callOptions, currentCall, NoCallError, RpcStub, RpcTarget } from "../../src/index.ts";
import { Application, aborted } from "../support/application.ts";
import { failure } from "../support/failure.ts";
import { pair, settle } from "../support/pair.ts";

const ANNOUNCED = { client: { announce: true }, server: { announce: true } };

describe("@capnweb/core/async-context", () => {
  it("makes currentCall() work after an await", async () => {
    class Main extends RpcTarget {
      async run() {
        const before = currentCall();
        await settle(2);
        const later = async () => {
          await null;
          return currentCall();
        };
        const nested = await Promise.all([later(), later()]);
        return nested.every((each) => each === before) && exported() === before;
      }
    }
    const { api } = pair(new Main());
    expect(await Promise.all([api.run(), api.run()])).toEqual([true, true]);
    expect(await new RpcStub(new Main()).run()).toBe(true);
    expect(() => currentCall()).toThrow(NoCallError);
  });

  it("keeps the contexts of concurrent calls apart", async () => {
    class Main extends RpcTarget {
      async tenant() {
        await settle(2);
        return currentCall().metadata["tenant"];
      }
    }
    const { api } = pair(new Main(), ANNOUNCED);
    await api.tenant();
    const tenants = Array.from({ length: 20 }, (_, i) => `tenant ${i}`);
    const results = tenants.map((tenant) => callOptions(api, { metadata: { tenant } }).tenant());
    expect(await Promise.all(results)).toEqual(tenants);
  });

  it("links calls made after an await to the call, as long as it isn't over", async () => {
    const service = new Application();
    const back = pair(service, ANNOUNCED);
    await back.api.echo(0);
    let later: Promise<any> | undefined;
    let refused: unknown;
    class Gateway extends RpcTarget {
      async context() {
        await null;
        later = settle(3).then(() => back.api.context());
        return await back.api.context();
      }
      async hang() {
        await null;
        await failure(back.api.hang());
        refused = await failure(back.api.hang());
      }
    }
    const { api } = pair(new Gateway(), ANNOUNCED);
    await api.context();
    const calls = callOptions(api, { timeout: 5_000, metadata: { tenant: "a" } });
    const during = await calls.context();
    expect(during.left).toBeLessThanOrEqual(5_001);
    expect(during.metadata).toEqual({ tenant: "a" });
    const after = await later!;
    expect(after).toMatchObject({ left: undefined, metadata: { tenant: "a" } });

    // After the cancellation the method makes no more calls.
    const promise = api.hang();
    const outcome = failure(promise);
    const { signal } = await service.begun();
    promise[Symbol.dispose]();
    const reason = await aborted(signal);
    expect(reason).toMatchObject({ code: "CANCELED" });
    await outcome;
    await settle();
    expect(refused).toMatchObject({ code: "CANCELED" });
    expect(service.hanging.length).toBe(1);
  });

  it("keeps no calls that are over for those that they have made", async () => {
    const { api } = pair(new Application(), ANNOUNCED);
    await api.echo(0);
    let left = 10_000;
    let last: unknown;
    class Loop extends RpcTarget {
      readonly #self: any = new RpcStub(this);
      async tick(): Promise<void> {
        await undefined;
        if (--left > 0) void this.#self.tick().catch(() => {});
        else last = await api.echo("last").catch((error: unknown) => error);
      }
    }
    void (new RpcStub(new Loop()) as any).tick().catch(() => {});
    await expect.poll(() => last).toBe("last");
  });
});
