import {
  type EncodingLevel,
  type Expression,
  LimitError,
  type Limits,
  resolveLimits,
} from "@capnweb/wire";
import { type BrokenListener, callListeners } from "../broken-listener.ts";
import type { Budget, PendingCall } from "../budget.ts";
import { SessionError } from "../errors.ts";
import {
  ErrorHook,
  LateErrorHook,
  type PropertyPath,
  type StreamedCall,
  type StubHook,
} from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { hookOfAwaited } from "../promise/awaited.ts";
import { PromiseHook } from "../promise/deferred.ts";
import { type ErrorListener, reportError, reportTo, runCallback } from "../report.ts";
import type { Transport } from "../transport.ts";
import { Answers, type AnswersHost } from "./answers.ts";
import type { DispatchTarget } from "./dispatch.ts";
import { EncodeTransaction, type Watched } from "./encode-transaction.ts";
import { type EndedBy, failureOf } from "./ending.ts";
import { ExportTable } from "./exports.ts";
import type { PeerLimits } from "./features.ts";
import { HeldBytes } from "./held-bytes.ts";
import { type ImportEntry, ImportHook } from "./import-entry.ts";
import { ImportTable } from "./imports.ts";
import type { Ending } from "./inbox.ts";
import { Incoming, type IncomingHost } from "./incoming.ts";
import { type MessageForm, messageForm, type Operands } from "./message-form.ts";
import { Negotiation } from "./negotiation.ts";
import type { RpcSessionOptions, ServedFrom } from "./options.ts";
import { Outbox } from "./outbox.ts";
import { PendingCalls } from "./pending-calls.ts";
import { stack } from "./safety-net.ts";
import { type DecodingSession, SessionDecoder } from "./session-decoder.ts";
import { SessionNet } from "./session-net.ts";
import { UnaskedFailures } from "./unasked-failures.ts";
import { untilEnd } from "./until-end.ts";

/**
 * One connection's state: what each side exports to the other, and what is under way. The messages
 * that arrive are the matter of {@link Incoming}, results that leave that of {@link Answers}.
 */
export class Session implements DecodingSession, DispatchTarget, IncomingHost, AnswersHost {
  readonly runtime: Runtime;
  readonly level: EncodingLevel;
  readonly limits: Limits;
  readonly onError: ErrorListener | undefined;
  readonly onSendError: RpcSessionOptions["onSendError"];
  readonly errorProperties: RpcSessionOptions["errorProperties"];
  readonly imports: ImportTable;
  readonly exports: ExportTable;
  readonly held: HeldBytes;
  readonly plainEncoder: EncodeTransaction;
  readonly form: MessageForm;
  attachments: readonly Uint8Array[] | undefined;
  readonly #calls: PendingCalls;
  /** Told of each result that the peer may ask for. */
  readonly #onResult: ((result: StubHook) => void) | undefined;
  readonly #onLimit: RpcSessionOptions["onLimit"];
  readonly #transport: Transport;
  readonly #negotiation: Negotiation;
  readonly #incoming: Incoming;
  readonly #answers: Answers;
  readonly #outbox: Outbox;
  readonly #net: SessionNet;
  #lastDecoder: SessionDecoder | undefined;
  /** Those that want to hear of the end. */
  #broken: Set<BrokenListener> | undefined;
  #over: ErrorHook | undefined;
  exceededLimit: LimitError | undefined;
  /** Set once the peer can send nothing more; calls that wait for an answer then can't get one. */
  #silent: ErrorHook | undefined;

  constructor(
    runtime: Runtime,
    transport: Transport,
    localMain: unknown,
    options: RpcSessionOptions & ServedFrom,
  ) {
    this.runtime = runtime;
    this.level = transport.encodingLevel ?? "string";
    this.limits = resolveLimits(options.limits);
    this.errorProperties = options.errorProperties;
    this.onError = options.onError;
    if (options.onSendError) {
      const failures = new UnaskedFailures(options.onSendError, options.onError);
      this.onSendError = (error) => failures.sending(error);
      this.#onResult = (result) => failures.came(result);
    }
    this.#onLimit = options.onLimit;
    this.#transport = transport;
    const exceeded = (error: LimitError) => this.abort(error);
    this.held = new HeldBytes(this.limits, exceeded, options.network);
    this.#calls = new PendingCalls(this.limits, this.held, exceeded);
    this.imports = new ImportTable(this);
    this.exports = new ExportTable(
      localMain === undefined ? NO_MAIN : this.#hookOfMain(localMain),
      this,
    );
    this.plainEncoder = new EncodeTransaction(this, "unowned");
    this.form = messageForm(this.level);
    this.#negotiation = new Negotiation(transport, this.limits, options);
    this.#incoming = new Incoming(this, transport, this.#negotiation.announcement);
    this.#answers = new Answers(this);
    this.#net = new SessionNet(this.imports, transport, options.releaseForgotten);
    this.#outbox = new Outbox(
      transport,
      this.form,
      this.#negotiation.features,
      (error) => this.#end(failureOf(error), "transport"),
      this.#net,
    );
    try {
      transport.start(this.#incoming);
    } catch (error) {
      // The main object is the session's to dispose of, which nobody will ever have.
      this.#end(new ErrorHook(error), "medium");
      throw error;
    }
    if (!this.#negotiation.isReply) this.#announce();
  }

  #announce(): void {
    const announced = this.#negotiation.take();
    if (!announced) return;
    try {
      this.#outbox.announce(this.level === "string" ? announced.text : announced.message);
    } catch (error) {
      this.#end(failureOf(error), "transport");
    }
  }

  /** The hook of the peer's main object. Giving it up ends the session. */
  main(): StubHook {
    // The session may have ended as it started: the transport couldn't send, say.
    if (this.#over) return this.#over;
    const end = () => this.#end(new ErrorHook(new SessionError()), "local");
    return new MainHook(this.imports.get(0)!, end);
  }

  /** Exports `hook`, which it takes over, as the main object, in place of what was it until now. */
  setMain(hook: StubHook): void {
    if (this.#over) hook.dispose(this.#over);
    else this.exports.replaceMain(hook);
  }

  /** The hook of the main object, which may be still to come: calls wait for it. */
  #hookOfMain(main: unknown): StubHook {
    if (!(main instanceof Promise)) return this.runtime.hookOfHandedIn(main);
    return hookOfAwaited(main, {
      take: (value) => this.runtime.hookOfHandedIn(value),
      fail: (error) => {
        reportError(error, "createMain", this.onError);
        return new ErrorHook(error);
      },
    });
  }

  /**
   * Calls `callback` when every result that the peer pulled has been sent, or the session is over.
   */
  whenDrained(callback: (over: ErrorHook | undefined) => void): void {
    this.#answers.whenDrained(callback);
  }

  // What messages do.

  get isOver(): boolean {
    return this.#over !== undefined;
  }

  get over(): ErrorHook | undefined {
    return this.#over;
  }

  get isWaiting(): boolean {
    return this.#incoming.isWaiting;
  }

  begins(): void {
    this.#net.catchUp();
  }

  handled(): void {
    this.#answers.tellDrained();
  }

  stopSending(): void {
    this.#outbox.stop();
  }

  failedToPause(error: unknown): void {
    this.#end(new ErrorHook(error), "local");
  }

  ended({ ends, reason }: Ending): void {
    if (ends === "medium") this.#end(failureOf(reason), "medium");
    else if (ends === "receiving") this.abort(reason);
    else if (!this.#over && !this.#silent) {
      this.#silent = failureOf(reason);
      for (const entry of this.imports.awaited()) this.settle(entry, this.#silent);
    }
    this.#answers.tellDrained();
  }

  announced(id: number, value: Expression): void {
    if (!this.#negotiation.heard(id, value)) return;
    // Before anything is sent that the peer's announcement allows.
    this.#announce();
    this.#outbox.adopt(this.#negotiation.features);
  }

  /** The peer gives references up. @throws ProtocolError for more than it has */
  released(id: number, references: number): void {
    if (this.#negotiation.isAnswer(id, this.exports)) return;
    this.exports.release(id, references);
  }

  get peerLimits(): PeerLimits {
    return this.#negotiation.features.limits;
  }

  get peerHasAnnounced(): boolean {
    return this.#negotiation.features.isAnnounced || this.#transport.peerAnnounced === true;
  }

  get canAttach(): boolean {
    return this.#negotiation.features.bytes;
  }

  // What a message's work asks for.

  exceeded(error: LimitError): void {
    this.abort(error);
  }

  callBegan(call: PendingCall): void {
    this.#calls.began(call);
  }

  callEnded(call: PendingCall): void {
    this.#calls.ended(call);
  }

  // What the peer asks for; `dispatch` has checked the message's shape.

  evaluate(expression: Expression, budget: Budget): StubHook {
    return this.#decoder().begin(budget).evaluate(expression);
  }

  pushed(hook: StubHook, budget: Budget, isCall: boolean): void {
    this.exports.addForPeer(hook, budget);
    if (!this.#onResult) return;
    // A call may fail after the peer has given up its result.
    if (isCall || !(hook instanceof PromiseHook)) hook.whenSettled(this.#onResult);
    else hook.whileHeld(this.#onResult);
  }

  decode(expression: Expression, budget: Budget): Payload {
    return this.#decoder().begin(budget).decodePayload(expression);
  }

  /** Decodes the resolution of a promise, which fails with the session if it is still to come. */
  decodeResolution(expression: Expression, budget: Budget): Payload {
    return this.#decoder().begin(budget, true).decodePayload(expression);
  }

  takeAttached(length: number): Uint8Array | undefined {
    return this.#incoming.takeAttached(length);
  }

  answer(id: number, budget: Budget): void {
    this.#answers.answer(id, budget);
  }

  answerOnce(hook: StubHook, budget: Budget): void {
    this.#answers.answerOnce(hook, budget);
  }

  settleUnasked(id: number): void {
    this.#answers.answerUnasked(id);
  }

  #decoder(): SessionDecoder {
    if (!this.#lastDecoder?.isReusable) this.#lastDecoder = new SessionDecoder(this);
    return this.#lastDecoder;
  }

  /** The peer said what one of our imports is. Takes over `hook`. */
  settle(entry: ImportEntry, hook: StubHook): void {
    this.release(entry);
    // One that the peer releases is still there.
    this.imports.remove(entry);
    entry.settle(hook);
  }

  untilEnd(hook: StubHook): StubHook {
    return untilEnd(hook, this);
  }

  /** The peer ended the session because of `reason`. */
  abortedByPeer(reason: unknown): void {
    this.#end(new ErrorHook(reason), "peer");
  }

  // What our own stubs ask for.

  call(id: number, path: PropertyPath, args: Payload): StubHook {
    if (this.#over) {
      args.dispose();
      return this.#over;
    }
    const list = EncodeTransaction.encode(this, args, true);
    const result = this.#push(this.form.tagged("pipeline", id, this.form.list(path), list));
    // Not before the message that refers to what they hold.
    args.dispose();
    return result;
  }

  get(id: number, path: PropertyPath): StubHook {
    return this.#over ?? this.#push(this.form.tagged("pipeline", id, this.form.list(path)));
  }

  map(id: number, path: PropertyPath, captures: StubHook[], instructions: Expression[]): StubHook {
    if (this.#over) throw this.#over.error;
    const list = captures.map((hook) => this.#encodeCapture(hook));
    const form = this.form;
    return this.#push(
      form.tagged("remap", id, form.list(path), form.list(list), form.list(instructions)),
    );
  }

  #encodeCapture(hook: StubHook): Expression {
    const id = hook.settled().idFor(this);
    if (id === undefined) return ["export", this.exports.add(hook)];
    hook.dispose();
    return ["import", id];
  }

  stream(id: number, path: PropertyPath, args: Payload): StreamedCall {
    // To a pipe, all that the window has room for goes out, although nothing acknowledges it.
    const over = this.#over ?? (args.isPiped ? undefined : this.#silent);
    if (over) throw over.error;
    const list = EncodeTransaction.encode(this, args, true);
    if (this.#over) throw this.#over.error;
    const entry = this.imports.addResult("streamed");
    const call = this.form.tagged("pipeline", id, this.form.list(path), list);
    const size = this.#sendMessage(this.form.tagged("stream", call), true);
    args.dispose();
    return {
      result: new ImportHook(entry),
      size,
      room: this.#room(),
    };
  }

  #room(): Promise<void> | undefined {
    try {
      return this.#transport.whenWritable?.();
    } catch (error) {
      this.#end(new ErrorHook(error), "local");
    }
  }

  pull(entry: ImportEntry): void {
    if (!this.#silent) this.send("pull", entry.id);
    else this.settle(entry, this.#silent);
  }

  release(entry: ImportEntry): void {
    if (!entry.isReferable || !this.imports.remove(entry)) return;
    this.send("release", entry.id, entry.introduced);
  }

  onBroken(listener: BrokenListener): void {
    // Called back meanwhile: the things that end with the session don't know yet.
    if (this.#over) listener.call(this.#over.error);
    else {
      this.#broken ??= new Set();
      listener.waitIn(this.#broken);
    }
  }

  forgetBroken(listener: BrokenListener): void {
    listener.leave(this.#broken);
  }

  pipe(): { id: number; hook: StubHook } {
    const entry = this.imports.addStream();
    this.send("pipe");
    return { id: entry.id, hook: new ImportHook(entry) };
  }

  watchStream(id: number, stream: Watched): void {
    stream.onFailure = (error) => {
      const entry = this.exports.entry(id);
      // The peer may have asked for it, and was told that it can't, or has given it up.
      if (!entry || entry.pulled) return;
      entry.pulled = true;
      this.#answers.reject(id, error);
    };
  }

  #push(expression: unknown): StubHook {
    // Its pipes couldn't be sent, say.
    if (this.#over) return this.#over;
    const isHeld = this.#negotiation.features.calls;
    const net = this.#net.ofSession;
    const batch = net?.batchForCall();
    const entry = this.imports.addResult(isHeld ? "call" : "result", batch?.losses);
    if (net?.keepsStacks) entry.made = stack();
    if (isHeld) this.#outbox.hold(entry, expression, this.#takeAttachments());
    else {
      this.send("push", expression);
      net?.leftAtOnce(entry);
    }
    return new ImportHook(entry, batch);
  }

  watch(hook: ImportHook, entry: ImportEntry): boolean {
    return this.#net.watch(hook, entry);
  }

  unwatch(hook: ImportHook): void {
    this.#net.unwatch(hook);
  }

  /** The peer said what one of our imports is. Takes over `payload`. */
  settleWith(entry: ImportEntry, payload: Payload): void {
    if (this.#net.traces) this.#net.trace(entry, payload);
    this.settle(entry, this.runtime.hookOfPayload(payload));
  }

  // Sending, and the end.

  /** Sends a message, or nothing if the session is over; gives its size. */
  send(tag: string, ...operands: Operands): number {
    if (this.#over) return 0;
    return this.#sendMessage(this.form.tagged(tag, ...operands));
  }

  flush(): void {
    this.#outbox.flush();
  }

  /** @param isCounted whether the size has to be what the transport says */
  #sendMessage(message: unknown, isCounted = false): number {
    try {
      const attachments = this.#takeAttachments();
      if (isCounted) return this.#outbox.sendCounted(message, attachments);
      return this.#outbox.send(message, attachments);
    } catch (error) {
      this.#end(failureOf(error), "transport");
      return 0;
    }
  }

  #takeAttachments(): readonly Uint8Array[] | undefined {
    const { attachments } = this;
    this.attachments = undefined;
    return attachments;
  }

  /** Ends the session because something in it failed, and tells the peer. */
  abort(reason: unknown): void {
    if (this.#over) return;
    if (reason instanceof LimitError) {
      this.exceededLimit = reason;
      runCallback("onLimit", () => this.#onLimit?.(reason), this.onError);
    }
    if (this.#over) return;
    this.send("abort", EncodeTransaction.failure(this, reason));
    this.#end(new ErrorHook(reason), "local");
  }

  #end(failure: ErrorHook, by: EndedBy): void {
    if (this.#over) return;
    this.#over = failure;
    const listener = reportTo(this.onError);
    try {
      this.#giveUp(failure, by);
    } finally {
      reportTo(listener);
    }
  }

  #giveUp(failure: ErrorHook, by: EndedBy): void {
    this.#incoming.clear();
    this.#calls.clear();
    this.held.clear();
    if (this.#broken) callListeners(this.#broken, () => failure.error);
    for (const entry of this.imports.clear()) entry.settle(failure);
    this.exports.clear(failure);
    this.#calls.failAll(failure);
    this.#answers.tellDrained();
    if (by === "local") this.#outbox.flush();
    // Including the message whose sending, or whose getters, ended the session.
    this.#outbox.end();
    if (by !== "medium") runCallback("transport", () => this.#transport.abort(failure.error));
  }
}

/** The reference to the peer's main object that a program has: giving it up ends the session. */
class MainHook extends ImportHook {
  readonly #end: () => void;

  constructor(entry: ImportEntry, end: () => void) {
    super(entry);
    this.#end = end;
  }

  override dispose(): void {
    this.#end();
  }
}

const NO_MAIN = new LateErrorHook(() => new Error("This connection has no main object."));
