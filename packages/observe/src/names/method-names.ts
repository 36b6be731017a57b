import type { IncomingCall, OutgoingCall } from "@capnweb/core";
import { codeOf } from "./code-of.ts";

type Operation = IncomingCall | OutgoingCall;

/** The name of operations whose own names may come from a peer. */
export const OTHER = "_OTHER";

/** Longer names are never kept. */
const LONGEST_NAME = 128;

/** Most names of methods that were found on an object itself. */
const MOST_NAMES = 1_000;

/** Most names at the end of longer paths. */
const MOST_NESTED = 100;

/** Longer paths are named by their last part. */
const LONGEST_PATH = 3;

/**
 * The names of methods that are known to exist. Names come from peers, and each different one in a
 * store of metrics takes memory for good, so only these become labels. Their number is bounded.
 */
export class MethodNames {
  /** The names of methods whose class only the peer knows. */
  readonly #ofPeers = new Map<string, string>();
  readonly #byTarget = new Map<string, Map<string, string>>();
  #count = 0;
  #nested = 0;

  /** The name of an operation, if it is known. */
  find(call: Operation): string | undefined {
    if (call.kind !== "call") return undefined;
    const { target } = call;
    return this.#namesOf(target)?.get(keyOf(call, target));
  }

  /**
   * The name of an operation that has succeeded, which something therefore has, unless that is
   * something of a third party.
   */
  succeeded(call: Operation, result: unknown): string {
    if (call.kind !== "call") return OTHER;
    return this.find(call) ?? (isLocal(call, result) ? this.#add(call) : OTHER);
  }

  /**
   * The name of an operation that has failed. Learns it only if something has the name.
   *
   * @param isSync true if the operation failed before it returned anything
   */
  failed(call: Operation, error: unknown, isSync: boolean): string {
    if (call.kind !== "call") return OTHER;
    return this.find(call) ?? (isFound(call, error, isSync) ? this.#add(call) : OTHER);
  }

  #add(call: Operation): string {
    const { target } = call;
    const key = keyOf(call, target);
    const isNested = target !== undefined && call.path.length > 1;
    const isFull = isNested ? this.#nested >= MOST_NESTED : this.#count >= MOST_NAMES;
    if (isFull || key.length > LONGEST_NAME) return OTHER;
    if (isNested) this.#nested++;
    else this.#count++;
    const name = target === undefined || key === "" ? key || "function" : `${target}/${key}`;
    let names = this.#namesOf(target);
    if (!names) {
      names = new Map();
      this.#byTarget.set(target!, names);
    }
    names.set(key, name);
    return name;
  }

  #namesOf(target: string | undefined): Map<string, string> | undefined {
    return target === undefined ? this.#ofPeers : this.#byTarget.get(target);
  }
}

/** At a client, the path: only the server knows the class. */
function keyOf({ path }: Operation, target: string | undefined): string {
  if (path.length === 0) return "";
  const isLast = path.length === 1 || target !== undefined || path.length > LONGEST_PATH;
  // The usual part is text already.
  return isLast ? `${path[path.length - 1]}` : path.join(".");
}

/** True if the end of an operation's path is known to be an object of this process. */
function isLocal(call: Operation, result: unknown): boolean {
  if (!isServed(call)) return true;
  // A longer path that leads to a third party gives a promise of ours, which is a function.
  return call.target !== undefined && (call.path.length <= 1 || typeof result !== "function");
}

function isFound(call: Operation, error: unknown, isSync: boolean): boolean {
  const isMissing = codeOf(error) === "PATH";
  if (!isServed(call)) return !isMissing;
  // A longer path may fail on its way. A method may reject because of another one that is missing.
  if (call.target === undefined || call.path.length > 1) return false;
  return call.hasBegun && (!isSync || !isMissing);
}

/** True for an operation of the peer's. */
function isServed(call: Operation): call is IncomingCall {
  return !("options" in call);
}

/** The names of this process, whichever session they come from. */
export const methodNames = /* @__PURE__ */ new MethodNames();
