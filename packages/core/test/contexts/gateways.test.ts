import { describe, expect, it } from "vitest";
import {
  callOptions,
  intercept,
  RpcPromise,
  type RpcSessionOptions,
  type RpcStub,
  RpcTarget,
} from "../../src/index.ts";
import { Application, aborted } from "../support/application.ts";
import { failure } from "../support/failure.ts";
import { pair } from "../support/pair.ts";

/** Calls a service for its clients. */
class Gateway extends RpcTarget {
  readonly service: RpcStub<Application>;
  readonly #call: (service: RpcStub<Application>) => unknown;
  constructor(service: RpcStub<Application>, call: (service: RpcStub<Application>) => unknown) {
    super();
    this.service = service;
    this.#call = call;
  }
  echo(value: unknown) {
    return value;
  }
  through() {
    return this.#call(this.service);
  }
  get passed() {
    return this.service.dup();
  }
}

/** A client, a gateway, and a service to which the gateway's session has options. */
async function chain(
  toService: RpcSessionOptions,
  call: (service: RpcStub<Application>) => unknown = (service) => service.context(),
) {
  const announce = { announce: true };
  const service = new Application();
  const back = pair(service, { client: { ...announce, ...toService }, server: announce });
  await back.api.echo(0);
  const gateway = new Gateway(back.api, call);
  const front = pair(gateway, { client: announce, server: announce });
  await front.api.echo(0);
  return { api: front.api as any, service, back };
}

const NOTHING: RpcSessionOptions = {};
const PASSED: RpcSessionOptions = {
  interceptors: intercept({ call: (_call, next) => next({ metadata: { added: true } }) }),
};
const WAYS = [
  { way: "a session without interceptors", more: NOTHING, added: {} },
  { way: "a session with an interceptor", more: PASSED, added: { added: true } },
];

describe.each(WAYS)("a gateway that calls a service by $way", ({ more, added }) => {
  const call = { metadata: { user: "gateway", role: "reader" } };
  const hostile = { user: "root", tenant: "a", added: "client" };

  it("sets metadata with its session, whatever its client sends", async () => {
    const { api } = await chain({ ...more, call });
    const { metadata } = await callOptions(api, { metadata: hostile }).through();
    expect(metadata).toEqual({ ...hostile, ...call.metadata, ...added });
  });

  it("sets metadata of calls that its client makes through it", async () => {
    const { api } = await chain({ ...more, call });
    const { metadata } = await callOptions(api.passed, { metadata: hostile }).context();
    expect(metadata).toEqual({ ...hostile, ...call.metadata, ...added });
  });

  it("sets metadata of a call last of all", async () => {
    const { api } = await chain({ ...more, call }, (service) =>
      callOptions(service, { metadata: { role: "writer" } }).context(),
    );
    const { metadata } = await callOptions(api, { metadata: { ...hostile, role: "x" } }).through();
    expect(metadata).toMatchObject({ user: "gateway", role: "writer", tenant: "a" });
  });

  it("has the time of a call's own options, not of its session's", async () => {
    const options = { ...more, call: { timeout: 10 } };
    const { api } = await chain(options, (service) =>
      callOptions(service, { timeout: 5_000 }).context(),
    );
    expect((await api.through()).left).toBeGreaterThan(1_000);
    expect((await callOptions(api, { timeout: 1_000 }).through()).left).toBeLessThanOrEqual(1_001);
  });

  it("keeps its trace of a call, with its own session's in place of the client's", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const { api } = await chain({ ...more, call: { traceparent } });
    const theirs = callOptions(api, { traceparent: "00-x-y-01", tracestate: "x=1" });
    expect(await theirs.through()).toMatchObject({ traceparent, tracestate: undefined });
  });

  describe("of which no call belongs to a client's call", () => {
    const apart = { ...more, call: { inherit: false } };
    const client = { metadata: { secret: 1 }, timeout: 5_000 };

    it.each([
      ["a call", (service: RpcStub<Application>) => service.context()],
      [
        "a call with options",
        (service: RpcStub<Application>) =>
          callOptions(service, { metadata: { own: true } }).context(),
      ],
      [
        "a call on a promise of a stub",
        (service: RpcStub<Application>) =>
          callOptions(new RpcPromise(Promise.resolve(service.dup())), {
            metadata: { own: true },
          }).context(),
      ],
    ])("keeps the client's context out of %s", async (_, make) => {
      const { api } = await chain(apart, make);
      const { metadata, left } = await callOptions(api, client).through();
      expect(metadata).not.toHaveProperty("secret");
      expect(left).toBe(undefined);
    });

    it("lets a call be a part of the client's by its own options", async () => {
      const { api } = await chain(apart, (service) =>
        callOptions(service, { inherit: true }).context(),
      );
      const { metadata, left } = await callOptions(api, client).through();
      expect(metadata).toMatchObject({ secret: 1 });
      expect(left).toBeLessThanOrEqual(5_001);
    });

    it("goes on with a call with options when the client gives up its own", async () => {
      const { api, service, back } = await chain(apart, (stub) =>
        failure(callOptions(stub, { timeout: 60_000 }).hang()),
      );
      const promise = api.through();
      const outcome = failure(promise);
      const { signal } = await service.begun();
      promise[Symbol.dispose]();
      await outcome;
      await api.echo(0);
      expect(signal.aborted).toBe(false);
      back.api[Symbol.dispose]();
      await aborted(signal);
    });
  });
});
