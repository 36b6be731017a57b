import { type Interception, type Interceptor, intercept, RpcTarget } from "@capnweb/core";
import { nameOf, shortened } from "../model/text.ts";
import type { Given, Note } from "./entry.ts";

/** Most capabilities in a result that are described. */
const MOST_GIVEN = 16;
/** Frames of a stack that are of this library, or too many. */
const LONGEST_STACK = 12;
/** UTF-16 code units of a frame of a stack. */
const LONGEST_LINE = 300;

/** Makes the interceptors that note the facts which aren't in messages. */
export function intercepting(note: (note: Note) => void): Interception {
  let serial = 0;
  const interceptor: Interceptor = {
    call(call, next) {
      if (call.kind !== "stream") {
        note({ is: "called", name: nameOf(call.path, call.kind), stack: stackHere() });
      }
      return next();
    },
    serve(call, next) {
      if (call.kind === "stream") return next();
      const number = ++serial;
      const name = nameOf(call.path, call.kind);
      note({ is: "served", serial: number, name, target: call.target });
      const gave = (result: unknown): void => {
        const given = givenIn(result);
        if (given.length > 0) note({ is: "gave", serial: number, given });
      };
      const result = next();
      // A promise of another call may be asked for only by its receiver.
      if (result instanceof Promise) result.then(gave, () => {});
      else gave(result);
      return result;
    },
  };
  return intercept(interceptor);
}

function givenIn(result: unknown): Given[] {
  const given: Given[] = [];
  try {
    findGiven(result, given, 0);
  } catch {
    // A getter of the application threw.
  }
  return given;
}

/** Finds the objects in a result that travel by reference, in the order in which they travel. */
function findGiven(value: unknown, given: Given[], depth: number): void {
  if (given.length >= MOST_GIVEN || depth > 2) return;
  if (value instanceof RpcTarget) {
    trace(value);
    given.push({ label: shortened(value.constructor.name, 120), stack: stacks.get(value) });
  } else if (Array.isArray(value)) {
    for (const each of value.slice(0, MOST_GIVEN)) findGiven(each, given, depth + 1);
  } else if (isPlain(value)) {
    for (const each of Object.values(value).slice(0, MOST_GIVEN)) {
      findGiven(each, given, depth + 1);
    }
  } else if (typeof value === "function" && Object.getPrototypeOf(value) === Function.prototype) {
    given.push({ label: value.name ? `function ${shortened(value.name, 110)}` : "function" });
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** The stacks at the creation of targets. */
const stacks = new WeakMap<object, string>();

/** Stands between `RpcTarget` and a class of the application: it notes where instances are made. */
class TracedTarget extends RpcTarget {
  constructor() {
    super();
    stacks.set(this, stackHere());
  }
}

/**
 * Notes the creation of later instances of an instance's class. The class calls the constructor
 * that its own prototype names, so it needs no change of the application.
 */
function trace(target: RpcTarget): void {
  let base: unknown = target.constructor;
  for (;;) {
    const parent: unknown = Object.getPrototypeOf(base as object);
    if (parent === RpcTarget) break;
    if (typeof parent !== "function" || parent === TracedTarget) return;
    base = parent;
  }
  try {
    Object.setPrototypeOf(base as object, TracedTarget);
  } catch {
    // A frozen class stays as it is.
  }
}

/** The stack of the application's code that leads here. */
function stackHere(): string {
  const lines = (new Error().stack ?? "").split("\n").slice(1);
  const isOwn = (line: string) =>
    /@capnweb[/\\]|[/\\]packages[/\\](core|wire|inspector)[/\\]src[/\\]|node:internal/.test(line);
  const shown = lines.filter((line) => !isOwn(line)).slice(0, LONGEST_STACK);
  return shown.map((line) => shortened(withoutFolder(line.trim()), LONGEST_LINE)).join("\n");
}

/** Shortens the paths in a line of a stack: they begin at the working folder. */
function withoutFolder(line: string): string {
  const folder = globalThis.process?.cwd?.() ?? "";
  const short = line.replace("file://", "");
  return folder.length > 1 ? short.replaceAll(`${folder}/`, "") : short;
}
