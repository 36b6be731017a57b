import {
  type CallContext,
  callOptions,
  currentCall,
  DeadlineError,
  type RpcStub,
} from "@capnweb/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { aborted, failure } from "../../testing/outcomes.ts";
import { OUR_WAYS, REFERENCE } from "../src/implementation.ts";
import { type Running, transports } from "../src/transports.ts";

// The reference reads constants of the global WebSocket class, which Node 20 lacks.
(globalThis as { WebSocket?: unknown }).WebSocket ??= WebSocket;

const MEDIA = Object.entries(transports).filter(([name]) => name !== "HTTP batch");

describe.each(MEDIA)("%s: capnweb as the client", (_medium, start) => {
  describe.each(Object.entries(OUR_WAYS))("%s as the server", (_way, ours) => {
    let running: Running;
    let begun: (context: CallContext) => void;

    class Main extends ours.RpcTarget {
      echo(value: unknown) {
        return value;
      }
      async hang() {
        const context = currentCall();
        begun(context);
        throw await aborted(context.signal);
      }
      context() {
        const { deadline, metadata, session } = currentCall();
        return [deadline === undefined, metadata, typeof session];
      }
    }

    const next = () =>
      new Promise<CallContext>((resolve) => {
        begun = resolve;
      });

    beforeAll(async () => {
      running = await start(REFERENCE, ours, () => new Main());
    });
    afterAll(() => running.stop());

    test("disposing of a promise aborts the method's signal, awaited or not", async () => {
      const api = running.connect();
      await api.echo(0);
      for (const isAwaited of [true, false]) {
        const context = next();
        const promise = api.hang();
        const outcome = isAwaited ? failure(promise) : undefined;
        const { signal } = await context;
        expect(signal.aborted).toBe(false);
        promise[Symbol.dispose]();
        expect(await aborted(signal)).toMatchObject({ code: "CANCELED" });
        await outcome;
      }
      expect(await api.echo(1)).toBe(1);
      api[Symbol.dispose]();
    });

    test("the end of its session aborts the method's signal", async () => {
      const api = running.connect();
      const context = next();
      const outcome = failure(api.hang());
      const { signal } = await context;
      api[Symbol.dispose]();
      await aborted(signal);
      await outcome;
    });

    test("calls of capnweb have an empty context", async () => {
      const api = running.connect();
      expect(await api.context()).toEqual([true, {}, "object"]);
      api[Symbol.dispose]();
    });
  });
});

describe.each(MEDIA)("%s: capnweb as the server", (_medium, start) => {
  describe.each(Object.entries(OUR_WAYS))("%s as the client", (_way, ours) => {
    let running: Running;
    const events: string[] = [];

    class Main extends REFERENCE.RpcTarget {
      echo(value: unknown) {
        return value;
      }
      hang() {
        events.push("hang");
        return new Promise(() => {});
      }
      users() {
        return [{ name: "Ada" }, { name: "Grace" }];
      }
    }

    beforeAll(async () => {
      running = await start(ours, REFERENCE, () => new Main());
    });
    afterAll(() => running.stop());

    test("calls with options return, time out, and are cancelled", async () => {
      const api = running.connect() as RpcStub<any>;
      await (api as any).echo(0);
      const calls: any = callOptions(api, { timeout: 10_000, metadata: { tenant: "a" } });
      expect(await calls.echo("a")).toBe("a");
      expect(await calls.users().map((user: any) => user.name)).toEqual(["Ada", "Grace"]);
      const quick: any = callOptions(api, { timeout: 20 });
      const late = await failure(quick.hang());
      expect(late).toBeInstanceOf(DeadlineError);
      const controller = new AbortController();
      const outcome = failure((callOptions(api, { signal: controller.signal }) as any).hang());
      await calls.echo("b");
      controller.abort("enough");
      expect(await outcome).toBe("enough");
      const gone: any = callOptions(api, { signal: controller.signal });
      expect(await failure(gone.hang())).toBe("enough");
      expect(await calls.echo("c")).toBe("c");
      expect(events).toEqual(["hang", "hang"]);
      (api as any)[Symbol.dispose]();
    });

    test("a thousand concurrent calls with timeouts return their results", async () => {
      const api = running.connect() as RpcStub<any>;
      const calls: any = callOptions(api, { timeout: 60_000 });
      const results = Array.from({ length: 1_000 }, (_, i) => calls.echo(i));
      expect(await Promise.all(results)).toEqual(results.map((_, i) => i));
      (api as any)[Symbol.dispose]();
    });
  });
});
