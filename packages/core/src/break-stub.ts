import { isByReference, isObjectOrFunction, kindOf } from "@capnweb/wire/internal";
import { afterAwaits } from "./after-awaits.ts";
import { type BrokenListener, callListeners, type ListenerPlace } from "./broken-listener.ts";
import { broken, installBreaks, startBreaking } from "./local/breaks.ts";
import { LocalHook } from "./local/local-hook.ts";
import { handleIfStub } from "./model/handle.ts";
import { ErrorHook, type StubHook } from "./model/hook.ts";
import { SharedHook } from "./model/shared-hook.ts";
import type { Answers } from "./session/answers.ts";
import type { ExportTable } from "./session/exports.ts";
import { ImportHook } from "./session/import-entry.ts";
import type { Lifetime } from "./session/lifetime.ts";
import { afterInput, isTurnOver } from "./turns/turns.ts";
import type { RpcCompatible, RpcStub } from "./types/index.ts";

/**
 * Declares one capability dead, while the sessions that it was given to go on. Its owner calls
 * this, for example when a document was deleted or a permission was withdrawn:
 *
 * - Later calls on it reject with `error`, on either side. Running calls go on.
 * - `onRpcBroken` of every stub of it receives `error`: in this process at once, at a peer once
 *   the message arrives that tells it. A peer needs no extension for that.
 * - Sessions release it, so that its `[Symbol.dispose]()` runs, unless a stub of this process
 *   still refers to it.
 *
 * Peers are told at the end of the turn. That takes time in proportion to the stubs that all
 * sessions of the process have given away, however many capabilities are declared broken in the
 * turn. If it takes long, other work has its turn in between. Two kinds of peers notice only when
 * they call: a peer that has the capability from another peer, and a peer whose main object it is.
 *
 * @param target a target or function: every stub of it breaks, now and later. A stub of one of
 *   this process: that stub breaks, with all of its `dup()`s, while other stubs of the target work;
 *   to be able to break the stub of one client, give each client a `new RpcStub(target)`. A stub of
 *   a peer's capability: it breaks, and so do its `dup()`s
 * @param error the reason, which is sent as any error is. Only the first one counts
 * @throws TypeError for a value that can't be a capability, for a promise that hasn't settled,
 *   and for a session's main stub, which is disposed of to end the session
 *
 * @example
 * ```ts
 * class Folder extends RpcTarget {
 *   #documents = new Map<string, Document>();
 *   delete(name: string) {
 *     const document = this.#documents.get(name);
 *     this.#documents.delete(name);
 *     if (document) breakStub(document, new Error(`${name} was deleted.`));
 *   }
 * }
 * ```
 */
export function breakStub<T extends RpcCompatible<T>>(
  target: T | RpcStub<T>,
  error: unknown,
): void {
  const failure = new ErrorHook(error);
  const handle = handleIfStub(target);
  const hook = handle?.hook.settled();
  if (handle && handle.path.length > 0) throw unbreakable("a property of a stub");
  if (hook instanceof ImportHook) breakImport(hook, failure);
  else if (hook instanceof LocalHook) declareBroken(keyOf(hook), failure);
  // It was disposed of, or has failed already.
  else if (hook instanceof ErrorHook) return;
  else if (hook) throw unbreakable("a promise that hasn't settled");
  else if (!isReferable(target)) throw unbreakable(target == null ? `${target}` : kindOf(target));
  else declareBroken(target, failure);
  tellPeersLater();
}

/**
 * The object by which a capability is known as broken. A stub of this process breaks alone, and a
 * result that is a stub or target breaks with that.
 */
function keyOf(hook: LocalHook<any>): object {
  const value: unknown = hook.payload?.value;
  const inner = handleIfStub(value)?.hook.settled();
  if (inner instanceof LocalHook) return keyOf(inner);
  if (isObjectOrFunction(value)) return value;
  return hook.live!;
}

function breakImport(hook: ImportHook, failure: ErrorHook): void {
  const entry = hook.live;
  if (!entry || entry.id === 0) throw unbreakable("a session's main stub");
  declareBroken(entry, failure);
  entry.session.settle(entry, failure);
}

/** True if a value is passed by reference, so that stubs of it exist. */
function isReferable(value: unknown): value is object {
  return typeof value === "function" || (isObjectOrFunction(value) && isByReference(value));
}

function unbreakable(what: string): TypeError {
  return new TypeError(
    `breakStub() takes a target, a function, or a stub of one. It can't break ${what}.`,
  );
}

/** A session that may have given something away. */
interface Exporter {
  readonly lifetime: Lifetime;
  readonly exports: ExportTable;
  readonly answers: Answers;
  /** True if it is in the list of exporters. */
  isListed: boolean | undefined;
}

/** A reference that doesn't keep a session from being collected. */
interface Reference {
  deref(): Exporter | undefined;
}

/**
 * The sessions that have given something away, including some that have ended or were collected.
 */
let listed: Reference[] = [];
/** The number of places at which those of lost sessions are removed. */
let most = 64;

/** The places of listeners registered on references to something of this process. */
const places = new WeakMap<object, ListenerPlace>();
let isScheduled = false;

installBreaks({
  listen(listener, shared) {
    listen(listener, shared);
    if (isObjectOrFunction(shared.value)) listen(listener, shared.value);
  },

  exported(exporter, id, hook) {
    if (!(exporter as Exporter).isListed) list(exporter as Exporter);
    // The peer doesn't ask for this result. It notices when it uses the result.
    if (id > 0) return;
    const failure = broken && failureOf(hook);
    // Its new holder is told after the message that contains it.
    if (failure) afterAwaits(() => breakExport(exporter as Exporter, id, failure));
  },
});

function listen(listener: BrokenListener, key: object): void {
  const failure = broken?.get(key);
  if (failure) {
    listener.call(failure.error);
    return;
  }
  let place = places.get(key);
  if (!place) {
    place = { listeners: undefined };
    places.set(key, place);
  }
  listener.waitAt(place);
}

function list(exporter: Exporter): void {
  exporter.isListed = true;
  if (listed.length >= most) most = 64 + 2 * exporters().length;
  // Runtimes without the class keep the sessions that never end.
  listed.push(typeof WeakRef === "function" ? new WeakRef(exporter) : { deref: () => exporter });
}

/** The sessions that have given something away. Removes the others from the list. */
function exporters(): Exporter[] {
  const live: Exporter[] = [];
  listed = listed.filter((reference) => {
    const exporter = reference.deref();
    if (!exporter || exporter.lifetime.over) return false;
    live.push(exporter);
    return true;
  });
  return live;
}

function declareBroken(key: object, failure: ErrorHook): void {
  const known = startBreaking();
  if (known.has(key)) return;
  known.set(key, failure);
  const place = places.get(key);
  if (place) callListeners(place, () => failure.error);
}

/** Tells peers, once for all capabilities that are declared broken in a turn. */
function tellPeersLater(): void {
  if (isScheduled) return;
  isScheduled = true;
  afterAwaits(() => {
    isScheduled = false;
    tellPeers(tellings());
  });
}

/**
 * Tells peers for as long as this turn allows, because they may hold a target 100,000 times. Calls
 * on the rest fail meanwhile.
 */
function tellPeers(steps: Iterator<unknown>): void {
  while (!steps.next().done) {
    if (!isTurnOver()) continue;
    afterInput(() => tellPeers(steps));
    return;
  }
}

function* tellings(): Iterator<undefined> {
  for (const exporter of exporters()) {
    for (const page of exporter.exports.pages()) {
      yield;
      for (const i of page.entries.keys()) {
        const id = page.first + i;
        // The end of the main object is the end of the session.
        const hook = id === 0 ? undefined : exporter.exports.get(id);
        const failure = hook && failureOf(hook);
        if (!failure) continue;
        breakExport(exporter, id, failure);
        yield;
      }
    }
  }
}

function breakExport({ exports, answers }: Exporter, id: number, failure: ErrorHook): void {
  const entry = exports.entry(id);
  // The peer was told that it is something else, which is found separately.
  if (!entry || entry.pulled) return;
  entry.pulled = true;
  const { hook } = entry;
  // Calls in flight fail as well.
  entry.hook = failure;
  answers.reject(id, failure.error);
  hook.dispose(failure);
}

/** The failure of a reference to a capability that was declared broken. */
function failureOf(hook: StubHook): ErrorHook | undefined {
  for (let each: StubHook | undefined = hook; each; each = each.next()) {
    if (!(each instanceof SharedHook)) return undefined;
    const shared = each.live;
    if (!shared) return undefined;
    const value: unknown = each instanceof LocalHook ? shared.value : undefined;
    const failure = broken?.get(shared) ?? broken?.get(value as object);
    if (failure) return failure;
    const inner = handleIfStub(value);
    // A result that is a stub stands for the stub's target.
    if (inner) return inner.path.length === 0 ? failureOf(inner.hook) : undefined;
  }
  return undefined;
}
