import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type ConnectOptions, connect } from "../src/index.ts";
import { setUp } from "./support/api.ts";
import { FakeClock, settle } from "./support/fake-clock.ts";
import { nextState } from "./support/network.ts";

function setUpWithClock(options: Partial<ConnectOptions> = {}) {
  const clock = new FakeClock();
  return { clock, ...setUp({ clock, resume: false, random: () => 0.5, ...options }) };
}

describe("attempts to connect", () => {
  test("have delays of full jitter, up to a bound", async () => {
    const clock = new FakeClock();
    const times: number[] = [];
    const connection = connect({
      open() {
        times.push(clock.now());
        throw new Error("down");
      },
      clock,
      random: () => 0.5,
      backoff: { min: 100, max: 400, factor: 2 },
    });
    onTestFinished(() => connection.close());
    await clock.run(1000);
    // 50, 100, 200, 200, …
    expect(times).toEqual([0, 50, 150, 350, 550, 750, 950]);
  });

  test("are immediate after a connection that lasted, and delayed after one that didn't", async () => {
    const { clock, network, connection } = setUpWithClock({ backoff: { min: 100, max: 1000 } });
    await settle();
    await clock.run(2000);
    network.cut();
    await settle();
    expect(network.attempts).toBe(2);
    expect(connection.state).toBe("open");
    network.cut();
    await settle();
    expect(network.attempts).toBe(2);
    await clock.run(50);
    expect(network.attempts).toBe(3);
  });

  test("are given up after openTimeout, and a transport that opens later is closed", async () => {
    const signals: AbortSignal[] = [];
    const late = { send: vi.fn(), start: vi.fn(), abort: vi.fn() };
    let open = () => {};
    const { clock } = setUpWithClock({
      openTimeout: 500,
      open({ signal }) {
        signals.push(signal);
        return new Promise((resolve) => {
          open = () => resolve(late);
        });
      },
    });
    await settle();
    const first = open;
    await clock.run(1000);
    expect(signals[0]!.reason).toMatchObject({ code: "OPEN_TIMEOUT" });
    first();
    await settle();
    expect(late.abort).toHaveBeenCalledOnce();
    expect(late.start).not.toHaveBeenCalled();
  });

  test("don't count a peer that accepts and never answers", async () => {
    const { clock, network, connection } = setUpWithClock({ health: { timeout: 100 } });
    network.isAnswering = false;
    await clock.run(1000);
    expect(connection.state).toBe("connecting");
    network.isAnswering = true;
    await clock.run(1000);
    expect(connection.state).toBe("open");
  });
});

describe("the health of a connection", () => {
  test("is probed at intervals, and a silent peer is given up", async () => {
    const { clock, network, states } = setUpWithClock({ health: { interval: 1000, timeout: 100 } });
    await settle();
    const sent = network.link.sentBy("client").length;
    await clock.run(3000);
    expect(network.link.sentBy("client").length).toBeGreaterThan(sent);
    expect(states).toEqual(["open"]);
    network.link.server.send = () => {};
    await clock.run(1200);
    expect(states).toEqual(["open", "interrupted", "open (restored)"]);
  });

  test("is probed at once after a jump of the clock, in either direction", async () => {
    const { clock, network, states } = setUpWithClock({
      health: { interval: Infinity, timeout: 100 },
    });
    await settle();
    const probesAfter = async (jump: number) => {
      const before = network.link.sentBy("client").length;
      clock.jump(jump);
      await clock.run(5_000);
      return network.link.sentBy("client").length - before;
    };
    expect(await probesAfter(0)).toBe(0);
    expect(await probesAfter(60_000)).toBeGreaterThan(0);
    expect(await probesAfter(-120_000)).toBe(0);
    expect(states).toEqual(["open"]);
  });

  test("calls wait for their whole time, whatever the clock on the wall says", async () => {
    const { clock, network, api, connection } = setUpWithClock({
      offline: { maxAge: 1000 },
      backoff: { min: 100, max: 100 },
    });
    await settle();
    await connection.ready();
    network.cut({ stays: "down" });
    let failure: { code?: string } | undefined;
    Promise.resolve(api.echo(1)).catch((error) => {
      failure = error;
    });
    clock.jump(1e9);
    await clock.run(999);
    expect(failure).toBeUndefined();
    await clock.run(1);
    expect(failure).toMatchObject({ code: "OFFLINE" });
  });
});

describe("events of a page", () => {
  test("probe an open connection, and end the delay of the next attempt", async () => {
    const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", document);
    const page = new EventTarget();
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
    onTestFinished(() => void vi.unstubAllGlobals());
    const { network, connection, clock } = setUpWithClock({
      backoff: { min: 60_000, max: 60_000 },
      health: { interval: Infinity },
    });
    await settle();
    const sent = network.link.sentBy("client").length;
    document.dispatchEvent(new Event("visibilitychange"));
    await settle();
    expect(network.link.sentBy("client").length).toBeGreaterThan(sent);

    const interrupted = nextState(connection, "interrupted");
    network.cut();
    await interrupted;
    await clock.run(1000);
    expect(network.attempts).toBe(1);
    page.dispatchEvent(new Event("online"));
    await settle();
    expect(connection.state).toBe("open");
    connection.close();
    document.dispatchEvent(new Event("visibilitychange"));
    expect(network.attempts).toBe(2);
  });
});
