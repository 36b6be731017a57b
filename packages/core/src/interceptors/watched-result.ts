import type { EncodeContext, Expression } from "@capnweb/wire";
import type { BrokenListener } from "../broken-listener.ts";
import type { Budget } from "../budget.ts";
import { CanceledError, DisposedError } from "../errors.ts";
import {
  type ErrorHook,
  type PropertyPath,
  type Puller,
  pullInto,
  StubHook,
} from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { type ImportEntry, ImportHook } from "../session/import-entry.ts";
import { observe, ResultEntry } from "../session/result-entry.ts";
import { ResultHook } from "../session/result-hook.ts";
import { NotedHook, type Use } from "./noted-hook.ts";

/**
 * The reference behind the promise that `next()` returns to an interceptor: to the result of an
 * operation that has left. If the interceptor returns the promise, the reference to the result goes
 * to the application, and this one only observes: its `then` asks for nothing, because asking would
 * change the form in which the call leaves. If the interceptor keeps the promise, it is like any
 * other.
 */
export class WatchedResult extends StubHook {
  /**
   * The reference to the result. It isn't held here once the application has it, so that the
   * application may forget it.
   */
  #result: StubHook | undefined;
  /** The result's import, if it is one. */
  readonly #entry: ImportEntry | undefined;
  /** The receivers that asked before the owner of the result was known. One is the usual number. */
  #first: Puller | undefined = undefined;
  #further: Puller[] | undefined = undefined;
  #state: "undecided" | "passedOn" | "kept" = "undecided";

  /** Takes over `result`. */
  constructor(result: StubHook) {
    super();
    this.#result = result;
    this.#entry = result instanceof ImportHook ? result.live : undefined;
  }

  /**
   * Gives the result to the application.
   *
   * @param use notes whether the application uses the result
   */
  passOn(use?: Use): StubHook {
    let result = this.#result!;
    if (use && result instanceof ResultHook) {
      result = new NotedHook(this.#entry!, result.guard, use);
    }
    if (this.#entry) this.#result = undefined;
    this.#decide("passedOn");
    return result;
  }

  /** Notes that the interceptor keeps the promise. */
  keep(): void {
    this.#decide("kept");
  }

  #decide(state: "passedOn" | "kept"): void {
    this.#state = state;
    if (this.#first) pullInto(this, this.#first);
    if (this.#further) for (const puller of this.#further) pullInto(this, puller);
  }

  override pull(puller: Puller): void {
    if (this.#state === "kept") this.#result!.pull(puller);
    else if (this.#state === "passedOn") this.#observe(puller);
    else if (!this.#first) this.#first = puller;
    else {
      this.#further ??= [];
      this.#further.push(puller);
    }
  }

  #observe(puller: Puller): void {
    const entry = this.#entry;
    if (!(entry instanceof ResultEntry)) this.#use((result) => result.pull(puller));
    else if (entry.resolution) entry.resolution.pull(puller);
    else if (entry.count > 0) observe(entry, puller);
    else puller.reject(new CanceledError());
  }

  override dispose(failure?: ErrorHook): void {
    // The interceptor can't give up the application's reference.
    if (this.#state !== "passedOn") this.#result!.dispose(failure);
  }

  // Behaves like the reference to the result in everything else.

  /** @throws DisposedError if the application has given up the result */
  #use<T>(use: (result: StubHook) => T): T {
    if (this.#result) return use(this.#result);
    const result = this.dup();
    try {
      return use(result);
    } finally {
      result.dispose();
    }
  }

  override dup(): StubHook {
    if (this.#result) return this.#result.dup();
    const entry = this.#entry!;
    if (entry.count === 0) throw new DisposedError("The result of the call was disposed of.");
    entry.count++;
    return new ImportHook(entry);
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    return this.#use((result) => result.deliverCall(path, args));
  }

  override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    return this.#use((result) => result.deliverMap(path, captures, instructions, budget));
  }

  override get(path: PropertyPath, budget?: Budget): StubHook {
    if (path.length === 0) return this.dup();
    return this.#use((result) => result.get(path, budget));
  }

  override onBroken(listener: BrokenListener): void {
    (this.#result ?? this.#entry!.resolution ?? this.#entry!).onBroken(listener);
  }

  override idFor(session: object): number | undefined {
    return this.#use((result) => result.idFor(session));
  }

  override get errorProperties(): EncodeContext["errorProperties"] {
    return this.#entry?.session.errorProperties;
  }

  override describe(): string {
    return this.next()?.describe() ?? "pending";
  }

  override next(): StubHook | undefined {
    return this.#entry ? this.#entry.resolution : this.#result;
  }

  override settled(): StubHook {
    return this.next()?.settled() ?? this;
  }
}
