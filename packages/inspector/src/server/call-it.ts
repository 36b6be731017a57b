import type { RpcPromise, RpcStub } from "@capnweb/core";
import { plainText, shortened } from "../model/text.ts";
import { InspectorRequestError } from "./errors.ts";
import { showValue } from "./show-value.ts";

/** An object that the page may call. */
export interface Callable {
  readonly key: string;
  readonly label: string;
}

/** The objects that calls begin with. */
export interface Roots {
  list(): readonly Callable[];
  /**
   * Returns a stub of one of them. The caller disposes of it.
   *
   * @throws InspectorRequestError for an object that is gone
   */
  open(key: string): RpcStub<any> | PromiseLike<RpcStub<any>>;
}

/** The outcome of a call. */
export interface CallOutcome {
  readonly ok: boolean;
  /** The result, or the error, written for people. */
  readonly text: string;
  /** The capabilities in the result, which can be called. */
  readonly stubs: readonly Callable[];
  /** Milliseconds. */
  readonly time: number;
}

/** Names that a stub has for itself. */
const OWN_NAMES = new Set(["then", "catch", "finally", "dup", "map", "onRpcBroken", "constructor"]);
/** Most capabilities that are kept for a page. */
const MOST_KEPT = 200;
/** Seconds that a call may take. */
const PATIENCE = 30;

/** The calls that a page makes by hand. It keeps the capabilities that it gets. */
export class CallIt {
  readonly #roots: Roots;
  readonly #kept = new Map<string, RpcStub<any>>();
  readonly #labels = new Map<string, string>();
  #count = 0;

  constructor(roots: Roots) {
    this.#roots = roots;
  }

  /** The objects that can be called now. */
  list(): Callable[] {
    const kept = [...this.#labels].map(([key, label]) => ({ key, label }));
    return [...this.#roots.list(), ...kept];
  }

  /**
   * Calls a method, and never rejects. A call without an answer is given up after 30 seconds.
   *
   * @param path names with dots between them; empty to call a function
   * @param args the arguments, as the text of a JSON array; `{"$stub": key}` stands for a stub
   */
  async call(key: string, path: string, args: string): Promise<CallOutcome> {
    const start = performance.now();
    const done = (ok: boolean, text: string, stubs: readonly Callable[] = []): CallOutcome => ({
      ok,
      text,
      stubs,
      time: performance.now() - start,
    });
    try {
      const names = namesIn(path);
      const stub = this.#kept.get(key)?.dup() ?? (await this.#roots.open(key));
      try {
        const result = await inTime(apply(stub, names, this.#argumentsIn(args)));
        const { text, stubs } = this.#shown(result, path);
        return done(true, text, stubs);
      } finally {
        stub[Symbol.dispose]();
      }
    } catch (error) {
      return done(false, errorText(error));
    }
  }

  /** Gives up all capabilities. */
  dispose(): void {
    for (const stub of this.#kept.values()) stub[Symbol.dispose]();
    this.#kept.clear();
    this.#labels.clear();
  }

  #argumentsIn(text: string): unknown[] {
    let list: unknown;
    try {
      list = JSON.parse(text.trim() || "[]", (_key, value) => {
        const stub = value?.$stub;
        return stub === undefined ? value : this.#kept.get(String(stub));
      });
    } catch (cause) {
      throw new InspectorRequestError(`The arguments aren't JSON: ${(cause as Error).message}`);
    }
    if (Array.isArray(list)) return list;
    throw new InspectorRequestError('Write the arguments as a list: ["a", 1]');
  }

  #shown(result: unknown, path: string): { text: string; stubs: Callable[] } {
    const stubs: Callable[] = [];
    const text = showValue(result, (stub) => {
      const key = `${++this.#count}`;
      const label = `«${key}» from ${path || "(call)"}`;
      this.#kept.set(key, stub.dup());
      this.#labels.set(key, label);
      stubs.push({ key, label });
      if (this.#kept.size > MOST_KEPT) this.#drop(this.#kept.keys().next().value!);
      return `«${key}»`;
    });
    (result as Partial<Disposable> | undefined)?.[Symbol.dispose]?.();
    return { text, stubs };
  }

  #drop(key: string): void {
    this.#kept.get(key)?.[Symbol.dispose]();
    this.#kept.delete(key);
    this.#labels.delete(key);
  }
}

/** Longer texts of errors are cut: a peer may make any. */
const LONGEST_ERROR = 2_000;

function errorText(error: unknown): string {
  const { name, message } = Object(error) as { name?: unknown; message?: unknown };
  const text = message === undefined ? showValue(error, () => "a stub") : plainText(message);
  return shortened(`${plainText(name ?? "Error")}: ${text}`, LONGEST_ERROR);
}

function namesIn(path: string): string[] {
  const names = path.split(".").filter((name) => name !== "");
  const own = names.find((name) => OWN_NAMES.has(name));
  if (own === undefined) return names;
  throw new InspectorRequestError(`"${own}" isn't a method of the object, but of its stub.`);
}

function apply(stub: any, names: readonly string[], args: readonly unknown[]): RpcPromise<any> {
  let callee = stub;
  for (const name of names) callee = callee[name];
  return callee(...args);
}

/**
 * Waits for the result of a call.
 *
 * @throws InspectorRequestError if it takes too long. The call is then given up
 */
async function inTime(result: RpcPromise<any>): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new InspectorRequestError(
          `There was no answer within ${PATIENCE} seconds, so the call was given up. Its method ` +
            "may still run: the view Calls shows whether it was answered.",
        ),
      );
      result[Symbol.dispose]();
    }, PATIENCE * 1_000);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
