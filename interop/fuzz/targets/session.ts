import { RpcSession } from "@capnweb/core";
import { resolveLimits } from "@capnweb/wire";
import { type SessionVariant, sessionSequence } from "../generate/session-sequence.ts";
import { revive } from "../generate/trees.ts";
import type { Outcome, Sequence, Step, Target } from "../sequence.ts";
import { turn } from "../sequence.ts";
import { describe } from "../unhandled.ts";
import { ACTIONS, type Hands } from "./actions.ts";
import { Application } from "./application.ts";
import { TYPES } from "./box.ts";
import { interceptorsThat } from "./interceptors.ts";
import { Ledger } from "./ledger.ts";
import { SMALL_LIMITS } from "./limits.ts";
import { AttackTransport } from "./transport.ts";

/** A session in memory against a hostile peer: our server, or our client with calls under way. */
export const sessionTarget: Target = {
  name: "session",
  generate: sessionSequence,
  run: (sequence) => new Attack(sequence.variant as SessionVariant).run(sequence),
};

/** The steps that a server allows a message to set off. */
const MOST_WORK = resolveLimits("server").maxWork;

const NOTHING = JSON.stringify({ imports: 0, exports: 0 });

/** Turns after which a session has finished all work that it was asked for. */
const PATIENCE = 10_000;

class Attack {
  readonly #ledger = new Ledger();
  readonly #transport: AttackTransport;
  readonly #session: any;
  readonly #api: any;
  readonly #held: unknown[] = [];
  readonly #isText: boolean;
  /** True if messages that came before the end may be handled after it. */
  readonly #isBusy: boolean;

  constructor(variant: SessionVariant) {
    this.#isText = variant.level === "string";
    this.#isBusy = variant.isBusy;
    this.#transport = new AttackTransport(variant, this.#ledger);
    const main = new Application(this.#ledger);
    this.#session = new RpcSession(this.#transport, main, optionsOf(variant) as any);
    this.#api = this.#session.getRemoteMain();
  }

  async run({ steps }: Sequence): Promise<Outcome> {
    for (const step of steps) await this.#step(step);
    await turn();
    const survived = !this.#transport.isOver && (await this.#answersHealthyCall());
    this.#end("close");
    if (!this.#isBusy) this.#checkTables();
    this.#ledger.letGo();
    // Waiting messages may take a turn each.
    for (let i = 0; i < PATIENCE && !this.#ledger.isSettled; i++) await turn();
    await turn();
    await turn();
    this.#checkTables();
    this.#ledger.close();
    return { faults: this.#ledger.faults, survived, remains: new WeakRef(this.#session) };
  }

  async #step(step: Step): Promise<void> {
    if ("message" in step) this.#receive(step.message);
    else if ("bytes" in step) this.#hand(new Uint8Array(Buffer.from(step.bytes, "base64")));
    else if ("turns" in step) for (let i = 0; i < step.turns; i++) await turn();
    else if ("act" in step) void this.#act(step.act, step.by);
    else if ("end" in step) this.#end(step.end);
  }

  #receive(message: unknown): void {
    const { sent } = this.#transport;
    if (this.#isText) sent.heard(message as string);
    this.#hand(
      this.#isText ? sent.nameIds(message as string) : revive(message, (id) => sent.idFor(id)),
    );
  }

  #hand(message: unknown): void {
    try {
      this.#transport.receiver.receive(message);
    } catch (error) {
      this.#ledger.fault("receive() throws", describe(error));
    }
  }

  async #act(which: number, by: number): Promise<void> {
    this.#ledger.pending++;
    const hands: Hands = {
      api: this.#api,
      ledger: this.#ledger,
      session: this.#session,
      held: this.#held,
      by,
    };
    try {
      const promise = this.#ledger.kept(ACTIONS[which]!(hands));
      // Others refer to it while it is pending.
      if (typeof promise === "function" && by % 2) this.#held.push(promise);
      this.#held.push(this.#ledger.kept(await promise));
    } catch {
      // A call may fail, but it must end.
    } finally {
      this.#ledger.pending--;
    }
  }

  #end(how: "close" | "silent" | "dispose"): void {
    try {
      const { receiver } = this.#transport;
      if (how === "dispose") this.#api[Symbol.dispose]();
      else if (how === "silent") receiver.end(new Error("nothing comes any more"));
      else {
        receiver.close(new Error("the medium is gone"));
        this.#transport.isOver = true;
      }
    } catch (error) {
      this.#ledger.fault(`the end (${how}) throws`, describe(error));
    }
  }

  async #answersHealthyCall(): Promise<boolean> {
    const { sent } = this.#transport;
    sent.token = "the answer to the healthy call";
    const call = ["stream", ["pipeline", 0, ["healthy"], [sent.token]]];
    this.#hand(this.#isText ? JSON.stringify(call) : call);
    for (let i = 0; i < PATIENCE; i++) {
      if (sent.sawToken) return true;
      if (this.#transport.isOver) return false;
      await turn();
    }
    this.#ledger.fault("a session that goes on doesn't answer");
    return false;
  }

  #checkTables(): void {
    const stats = JSON.stringify(this.#session.getStats());
    if (stats !== NOTHING) this.#ledger.fault("the tables aren't empty after the end", stats);
  }
}

function optionsOf(variant: SessionVariant): object {
  const limits =
    variant.limits === "small" ? SMALL_LIMITS : resolveLimits(variant.limits || "client");
  return {
    announce: variant.announce,
    types: TYPES,
    ...(variant.streamCalls && { streamCalls: true }),
    limits: {
      ...limits,
      // A few messages that make a client do as much work as it allows would take too long.
      maxWork: Math.min(limits.maxWork, MOST_WORK),
      // Unless the sequence says so, the clock mustn't decide which messages wait.
      turnBudget: variant.isBusy ? 0.001 : Number.POSITIVE_INFINITY,
    },
    onError() {},
    ...(variant.interceptors && { interceptors: interceptorsThat(variant.interceptors) }),
    ...(variant.onSendError && {
      onSendError(error: Error) {
        if (variant.onSendError === "throws") throw new Error("thrown by onSendError");
        return error;
      },
    }),
  };
}
