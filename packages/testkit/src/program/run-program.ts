import type { Implementation } from "../implementation.ts";
import { createLocalObjects } from "./local-objects.ts";
import { noted, notedFailure } from "./notes.ts";
import type { Notes, Step } from "./steps.ts";
import { instantiate, type Scope } from "./templates.ts";

/** The context that a program runs in. */
export interface ProgramContext {
  /** The implementation that the client is built on. */
  readonly implementation: Implementation;
  /** The stub of the server's main object. */
  readonly api: any;
  /** Waits until nothing is in flight. */
  settle(): Promise<void>;
}

/**
 * Runs a program.
 *
 * @param steps the program
 * @param context the implementation, the main stub, and a way to wait
 * @returns the notes: the outcome of every `await`, and the notes of other steps
 */
export async function runProgram(steps: readonly Step[], context: ProgramContext): Promise<Notes> {
  const program = new Program(context);
  for (const step of steps) {
    const waiting = program.run(step);
    // No microtask may run between steps that don't wait: a batch leaves in one piece.
    if (waiting !== undefined) await waiting;
  }
  return program.notes;
}

class Program implements Scope {
  readonly notes: unknown[] = [];
  readonly #context: ProgramContext;
  readonly #events: string[] = [];
  readonly #locals: ReturnType<typeof createLocalObjects>;
  readonly #variables = new Map<string, any>();
  readonly #readers = new Map<string, ReadableStreamDefaultReader>();
  readonly #writers = new Map<string, WritableStreamDefaultWriter>();

  constructor(context: ProgramContext) {
    this.#context = context;
    this.#locals = createLocalObjects(context.implementation, this.#events);
    this.#variables.set("api", context.api);
  }

  get(name: string): unknown {
    if (!this.#variables.has(name)) throw new Error(`The program has no variable ${name}.`);
    return this.#variables.get(name);
  }

  makeLocal(name: string, args: readonly unknown[]): unknown {
    const make = this.#locals[name];
    if (make === undefined) throw new Error(`There is no local object ${name}.`);
    return make(...args);
  }

  /** Runs one step. Returns a promise if the step waits. */
  run(step: Step): Promise<void> | void {
    switch (step.do) {
      case "call":
      case "get":
      case "map":
        return this.#record(step);
      case "await":
        return this.#await(step.names);
      case "pick":
        this.#variables.set(step.as, this.#resolve(step.target));
        return;
      case "dup":
        this.#variables.set(step.as, (this.get(step.name) as any).dup());
        return;
      case "dispose":
        (this.get(step.name) as any)[Symbol.dispose]?.();
        return;
      case "let":
        this.#variables.set(step.as, instantiate(step.value, this));
        return;
      case "watch":
        (this.get(step.name) as any).onRpcBroken((error: unknown) => {
          this.notes.push(["$broken", noted(error)]);
        });
        return;
      case "settle":
        return this.#context.settle();
      case "events":
        this.notes.push([this.#events.map(noted)]);
        return;
      default:
        return this.#stream(step);
    }
  }

  #record(step: Extract<Step, { do: "call" | "get" | "map" }>): void {
    try {
      this.#variables.set(step.as, this.#perform(step));
    } catch (error) {
      this.notes.push(["$thrown", noted(error)]);
    }
  }

  #perform(step: Extract<Step, { do: "call" | "get" | "map" }>): unknown {
    if (step.do === "get") return this.#resolve(step.target);
    if (step.do === "map") {
      return this.#resolve(step.target).map((it: unknown) => {
        this.#variables.set("it", it);
        for (const inner of step.steps)
          this.#variables.set((inner as any).as, this.#performInner(inner));
        return instantiate(step.result, this);
      });
    }
    const args = step.args.map((each) => instantiate(each, this));
    // A single expression, so that a proxy sees a method call.
    const dot = step.target.lastIndexOf(".");
    if (dot < 0) return (this.get(step.target) as any)(...args);
    return this.#resolve(step.target.slice(0, dot))[step.target.slice(dot + 1)](...args);
  }

  #performInner(step: Step): unknown {
    if (step.do !== "call" && step.do !== "get" && step.do !== "map") {
      throw new Error(`A map's callback can't ${step.do}.`);
    }
    const outer = this.#variables.get("it");
    const result = this.#perform(step);
    this.#variables.set("it", outer);
    return result;
  }

  async #await(names: readonly string[]): Promise<void> {
    const outcomes = await Promise.allSettled(names.map((name) => this.get(name)));
    outcomes.forEach((outcome, i) => {
      if (outcome.status === "rejected") {
        this.notes.push(notedFailure(outcome.reason));
        return;
      }
      this.#variables.set(names[i]!, outcome.value);
      this.notes.push(noted(outcome.value));
    });
  }

  async #stream(step: Step): Promise<void> {
    try {
      switch (step.do) {
        case "read":
          for (const chunks: unknown[] = []; ; ) {
            const { done, value } = await this.#reader(step.name).read();
            if (done) return void this.notes.push([chunks]);
            chunks.push(noted(value));
          }
        case "readOne": {
          const { done, value } = await this.#reader(step.name).read();
          if (step.as !== undefined) this.#variables.set(step.as, value);
          this.notes.push(done ? ["$end"] : noted(value));
          return;
        }
        case "cancel":
          return await this.#reader(step.name).cancel(new Error(step.reason));
        case "write":
          for (const chunk of step.chunks) {
            await this.#writer(step.name).write(instantiate(chunk, this));
          }
          return;
        case "writeAhead":
          for (const chunk of step.chunks) {
            this.#writer(step.name)
              .write(instantiate(chunk, this))
              .catch(() => {});
          }
          return;
        case "close":
          return await this.#writer(step.name).close();
        case "abort":
          return await this.#writer(step.name).abort(new Error(step.reason));
      }
    } catch (error) {
      this.notes.push(notedFailure(error));
    }
  }

  #resolve(target: string): any {
    const [name, ...path] = target.split(".");
    return path.reduce((value, key) => value[key], this.get(name!) as any);
  }

  #reader(name: string): ReadableStreamDefaultReader {
    let reader = this.#readers.get(name);
    if (reader === undefined) {
      reader = (this.get(name) as ReadableStream).getReader();
      this.#readers.set(name, reader);
    }
    return reader;
  }

  #writer(name: string): WritableStreamDefaultWriter {
    let writer = this.#writers.get(name);
    if (writer === undefined) {
      writer = (this.get(name) as WritableStream).getWriter();
      writer.closed.catch(() => {});
      writer.ready.catch(() => {});
      this.#writers.set(name, writer);
    }
    return writer;
  }
}
