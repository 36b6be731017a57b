import type { Transport, TransportReceiver } from "@capnweb/core";
import { type AcceptedTransport, ResumeAcceptor, ResumingTransport } from "@capnweb/resume";
import fc from "fast-check";
import { expect, it } from "vitest";
import { until } from "./network.ts";
import { RecordingReceiver } from "./recording-receiver.ts";
import { TestClock } from "./test-clock.ts";

/** One end of a line that delivers each frame when the test says so, or never. */
class LineEnd implements Transport {
  readonly isBinary = true;
  readonly #line: Line;
  receiver: TransportReceiver | undefined;
  other!: LineEnd;
  readonly underWay: unknown[] = [];
  isPaused = false;

  constructor(line: Line) {
    this.#line = line;
  }

  start(receiver: TransportReceiver): void {
    this.receiver = receiver;
  }

  send(frame: unknown): void {
    if (!this.#line.isCut) this.other.underWay.push(frame);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  abort(): void {
    this.#line.isCut = true;
  }

  /** Delivers some of the frames that are under way to this end. */
  deliver(count: number): void {
    for (let i = 0; i < count && this.underWay.length > 0 && this.receiver; i++) {
      this.receiver.receive(this.underWay.shift());
    }
  }
}

/** A connection, each end of which notices a cut on its own. */
class Line {
  isCut = false;
  readonly client = new LineEnd(this);
  readonly server = new LineEnd(this);

  constructor() {
    this.client.other = this.server;
    this.server.other = this.client;
  }
}

type Step =
  | { readonly do: "send"; readonly from: "client" | "server"; readonly bytes: boolean }
  | { readonly do: "deliver"; readonly to: "client" | "server"; readonly count: number }
  | { readonly do: "cut"; readonly notices: "client" | "server" | "both" }
  | { readonly do: "late"; readonly line: number; readonly to: "client" | "server" }
  | { readonly do: "pause"; readonly side: "client" | "server" }
  | { readonly do: "resume"; readonly side: "client" | "server" }
  | { readonly do: "interrupt" }
  | { readonly do: "turn" }
  | { readonly do: "time"; readonly ms: number };

const side = fc.constantFrom("client" as const, "server" as const);

const sends = fc.record({ do: fc.constant("send"), from: side, bytes: fc.boolean() });
const deliveries = fc.record({ do: fc.constant("deliver"), to: side, count: fc.nat(5) });

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant("send"), from: side, bytes: fc.boolean() }),
    },
    { weight: 6, arbitrary: fc.record({ do: fc.constant("deliver"), to: side, count: fc.nat(5) }) },
    { weight: 4, arbitrary: fc.constant({ do: "turn" }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("cut"),
        notices: fc.constantFrom("client", "server", "both"),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("late"), line: fc.nat(5), to: side }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("pause", "resume"), side }) },
    { weight: 1, arbitrary: fc.constant({ do: "interrupt" }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("time"), ms: fc.nat(1_500) }) },
  ) as fc.Arbitrary<Step>,
  { minLength: 5, maxLength: 60 },
);

const FOREVER = 1e12;

/** Lets some turns of the event loop pass, in which secrets are hashed. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

class World {
  readonly clock = new TestClock();
  readonly lines: Line[] = [];
  readonly atClient = new RecordingReceiver();
  readonly atServer = new RecordingReceiver();
  readonly sent: Record<"client" | "server", unknown[]> = { client: [], server: [] };
  readonly acceptor: ResumeAcceptor;
  readonly client: ResumingTransport;
  server: AcceptedTransport | undefined;

  constructor() {
    // The clock runs fast, compared with the hashes of secrets.
    this.acceptor = new ResumeAcceptor({
      clock: this.clock,
      isSole: true,
      window: FOREVER,
      firstMessageTimeout: FOREVER,
    });
    // It has run for long, so that it can tell that it has never heard of a client.
    this.clock.jump(1_000_000);
    this.client = new ResumingTransport(
      () => {
        const line = new Line();
        this.lines.push(line);
        const accepting = this.acceptor.accept(line.server);
        accepting.then(
          ({ kind, transport }) => {
            if (kind !== "new") return;
            this.server = transport;
            transport.start(this.atServer);
          },
          () => {},
        );
        return line.client;
      },
      {
        clock: this.clock,
        isBinary: true,
        backoff: { min: 0 },
        window: FOREVER,
        attemptTimeout: FOREVER,
      },
    );
    this.client.start(this.atClient);
  }

  get line(): Line | undefined {
    return this.lines.at(-1);
  }

  async run(step: Step): Promise<void> {
    if (step.do === "turn") await turns(4);
    else if (step.do === "send") this.#send(step.from, step.bytes);
    else if (step.do === "deliver") this.line?.[step.to].deliver(step.count);
    else if (step.do === "cut") this.#cut(step.notices);
    else if (step.do === "late") this.#late(step.line, step.to);
    else if (step.do === "interrupt") this.client.interrupt();
    else if (step.do === "time") this.clock.advance(step.ms);
    else if (step.do === "pause") this[step.side]?.pause?.();
    else this[step.side]?.resume?.();
  }

  #send(from: "client" | "server", isBytes: boolean): void {
    const sent = this.sent[from];
    const own = this[from];
    if (!own) return;
    const frame = isBytes ? new Uint8Array([sent.length]) : `["push",${sent.length}]`;
    sent.push(frame);
    own.send(frame);
    own.flush?.();
  }

  #cut(notices: "client" | "server" | "both"): void {
    const { line } = this;
    if (!line || line.isCut) return;
    line.isCut = true;
    for (const side of ["client", "server"] as const) {
      if (notices === side || notices === "both") line[side].receiver?.close(new Error("cut"));
    }
  }

  /** Something of an old connection arrives late. */
  #late(number: number, to: "client" | "server"): void {
    const line = this.lines[number];
    if (!line || line === this.line) return;
    line[to].deliver(3);
    line[to].receiver?.close(new Error("late"));
  }

  /** Lets everything arrive. */
  async settle(): Promise<void> {
    this.client.resume();
    this.server?.resume?.();
    if (this.line?.isCut) this.line.client.receiver?.close(new Error("cut"));
    await until(() => {
      for (const line of this.lines) {
        if (line.isCut) continue;
        line.server.deliver(100);
        line.client.deliver(100);
      }
      this.clock.advance(300);
      return this.#isDone();
    });
  }

  #isDone(): boolean {
    return (
      this.client.state === "closed" ||
      (this.client.state === "open" &&
        this.atServer.frames.length >= this.sent.client.length &&
        this.atClient.frames.length >= this.sent.server.length &&
        this.client.buffered === 0 &&
        (this.server?.buffered ?? 0) === 0)
    );
  }
}

it("delivers every frame once and in order, whatever happens to the connections", async () => {
  let resumptions = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const world = new World();
      for (const step of steps) await world.run(step);
      await world.settle();
      expect(world.atClient.closed).toEqual([]);
      expect(world.atServer.closed).toEqual([]);
      expect(world.atServer.frames).toEqual(world.sent.client);
      expect(world.atClient.frames).toEqual(world.sent.server);
      expect(world.client.acknowledged).toBe(world.sent.client.length);
      resumptions += world.server?.resumptions ?? 0;
    }),
    { numRuns: Number(process.env["RUNS"] ?? 300), seed: Number(process.env["SEED"] ?? 1) },
  );
  expect(resumptions).toBeGreaterThan(20);
}, 0);
