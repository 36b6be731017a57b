import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import type { PropertyPath, Puller, StreamedCall, StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { ImportEntry } from "../session/import-entry.ts";
import { ResultHook } from "../session/result-hook.ts";
import type { Batch } from "../session/safety-net.ts";

/** The use of a result by the application, as interceptors see it. */
export interface Use {
  isUsed: boolean;
  ask(): object;
}

/** A reference to a result that notes its first use. */
export class NotedHook extends ResultHook {
  readonly #use: Use;

  constructor(entry: ImportEntry, guard: Batch | undefined, use: Use) {
    super(entry, guard);
    this.#use = use;
  }

  /** A copy is made to be used. */
  override another(entry: ImportEntry): StubHook {
    this.#use.isUsed = true;
    return super.another(entry);
  }

  override pull(puller: Puller): void {
    this.#use.isUsed = true;
    super.pull(puller);
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    this.#use.isUsed = true;
    return super.deliverCall(path, args);
  }

  override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    this.#use.isUsed = true;
    return super.deliverMap(path, captures, instructions, budget);
  }

  override deliverStream(path: PropertyPath, args: Payload): StreamedCall {
    this.#use.isUsed = true;
    return super.deliverStream(path, args);
  }

  override get(path: PropertyPath, budget?: Budget): StubHook {
    this.#use.isUsed = true;
    return super.get(path, budget);
  }

  override idFor(session: object): number | undefined {
    this.#use.isUsed = true;
    return super.idFor(session);
  }
}
