import {
  type EncodingLevel,
  type Expression,
  LimitError,
  type Limits,
  overLimit,
  ProtocolError,
  resolveLimits,
} from "@capnweb/wire";
import { afterAwaits } from "../after-awaits.ts";
import { BrokenListener, callListeners } from "../broken-listener.ts";
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
import { Deferred, PromiseHook } from "../promise/deferred.ts";
import { type ErrorListener, reportError, reportTo, runCallback } from "../report.ts";
import type { Transport } from "../transport.ts";
import type { Scheduler } from "../turns/scheduler.ts";
import { schedulerForSession } from "../turns/turns.ts";
import { Answer, type Answering } from "./answer.ts";
import { Attached } from "./attached.ts";
import { type DispatchTarget, dispatch } from "./dispatch.ts";
import { EncodeTransaction, type EncodingSession, type Watched } from "./encode-transaction.ts";
import { type ExportEntry, ExportTable } from "./exports.ts";
import {
  ANNOUNCEMENT_ID,
  type Announcement,
  announcement,
  type Features,
  initialFeatures,
  mayAnswerAnnouncement,
  negotiate,
  type OwnFeatures,
  type PeerLimits,
} from "./features.ts";
import { HeldBytes } from "./held-bytes.ts";
import { type ImportEntry, ImportHook } from "./import-entry.ts";
import { ImportTable } from "./imports.ts";
import { type Ending, Inbox, type InboxHandler } from "./inbox.ts";
import { Lines } from "./lines.ts";
import { type MessageForm, messageForm, type Operands } from "./message-form.ts";
import { sizeOf } from "./message-size.ts";
import type { RpcSessionOptions } from "./options.ts";
import { type HeldCalls, Outbox } from "./outbox.ts";
import { PendingCalls } from "./pending-calls.ts";
import type { PullReceiver } from "./pull-transport.ts";
import { RateLimit } from "./rate-limit.ts";
import type { ResultEntry } from "./result-entry.ts";
import { type NetOwner, SafetyNet, stack } from "./safety-net.ts";
import { type DecodingSession, SessionDecoder } from "./session-decoder.ts";
import { UnaskedFailures } from "./unasked-failures.ts";

/** One connection's state: what each side exports to the other, and what is under way. */
export class Session
  implements
    PullReceiver,
    EncodingSession,
    DecodingSession,
    Answering,
    DispatchTarget,
    InboxHandler,
    NetOwner,
    HeldCalls
{
  readonly runtime: Runtime;
  readonly level: EncodingLevel;
  readonly limits: Limits;
  readonly onSendError: RpcSessionOptions["onSendError"];
  readonly errorProperties: RpcSessionOptions["errorProperties"];
  readonly imports: ImportTable;
  readonly exports: ExportTable;
  readonly held: HeldBytes;
  readonly #calls: PendingCalls;
  readonly #scheduler: Scheduler;
  /** How many steps a light message leaves of its budget at least. */
  readonly #lightLeft: number;
  readonly #inbox: Inbox;
  /** Told of each result that the peer may ask for. */
  readonly #onResult: ((result: StubHook) => void) | undefined;
  readonly #rate: RateLimit | undefined;
  readonly #onLimit: RpcSessionOptions["onLimit"];
  readonly plainEncoder: EncodeTransaction;
  readonly form: MessageForm;
  #features: Features;
  readonly #ownFeatures: OwnFeatures;
  attachments: readonly Uint8Array[] | undefined;
  /** What came before the text that is being taken in, and what came since, before the next. */
  #attached: Attached | undefined;
  #arrived: Attached | undefined;
  #lastDecoder: SessionDecoder | undefined;
  /** What this side announced, unless it announced nothing. */
  readonly #announcement: Announcement | undefined;
  #hasAnnounced = false;
  /** Whether the peer gave up what it can't have, which it may once. */
  #wasReleased = false;
  readonly #onError: ErrorListener | undefined;
  readonly #transport: Transport;
  readonly #outbox: Outbox;
  readonly #netOption: RpcSessionOptions["releaseForgotten"];
  /** Made when first needed: many a session never calls, and is handed nothing. */
  #safetyNet: SafetyNet | undefined;
  /** Who wants to hear of the end. */
  #broken: Set<BrokenListener> | undefined;
  #ended: ErrorHook | undefined;
  /** Set once the peer can send nothing more; what waits for an answer then can't get one. */
  #silent: ErrorHook | undefined;
  /** Results that the peer pulled and that weren't sent yet. */
  #answering = 0;
  /** The answer that is being sent. */
  #answer: Answer | undefined;
  /** Who waits until the peer has been sent all that it pulled. */
  #draining: ((over: ErrorHook | undefined) => void)[] | undefined;

  constructor(
    runtime: Runtime,
    transport: Transport,
    localMain: unknown,
    options: RpcSessionOptions,
  ) {
    this.runtime = runtime;
    this.level = transport.encodingLevel ?? "string";
    this.limits = resolveLimits(options.limits);
    this.errorProperties = options.errorProperties;
    this.#onError = options.onError;
    if (options.onSendError) {
      const failures = new UnaskedFailures(guarded(options.onSendError, options.onError));
      this.onSendError = (error) => failures.sending(error);
      this.#onResult = (result) => failures.came(result);
    }
    this.#onLimit = options.onLimit;
    if (RateLimit.isSet(this.limits)) this.#rate = new RateLimit(this.limits, performance.now());
    const exceeded = (error: LimitError) => this.abort(error);
    this.held = new HeldBytes(this.limits, exceeded);
    this.#calls = new PendingCalls(this.limits, this.held, exceeded);
    this.#scheduler = schedulerForSession();
    this.#lightLeft = this.limits.maxWork - HEAVY;
    this.#inbox = new Inbox(this, this.#scheduler, this.held, this.limits.turnBudget);
    this.imports = new ImportTable(this);
    this.exports = new ExportTable(
      localMain === undefined ? NO_MAIN : this.#hookOfMain(localMain),
      this,
    );
    this.#transport = transport;
    this.plainEncoder = new EncodeTransaction(this, "unowned");
    this.form = messageForm(this.level);
    this.#ownFeatures = {
      streamCalls: options.streamCalls,
      isBinary: transport.isBinary ?? false,
    };
    // Before the transport starts, which may hand in the peer's announcement at once.
    this.#features = initialFeatures(options.streamCalls);
    this.#outbox = new Outbox(
      transport,
      this.form,
      this.#features,
      (error) => this.#end(failureOf(error), "transport"),
      this,
    );
    const announces =
      transport.announces === false ? false : (options.announce ?? transport.announces);
    if (announces !== false) {
      this.#announcement = announcement(transport.isBinary ?? false, this.limits);
    }
    // What carries one exchange and is over releases everything soon.
    const { releaseForgotten = true } = options;
    if (releaseForgotten && transport.announces !== false && SafetyNet.isPossible) {
      this.#netOption = releaseForgotten;
    }
    try {
      transport.start(this);
    } catch (error) {
      // The main object is the session's to dispose of, which nobody will ever have.
      this.#end(new ErrorHook(error), "medium");
      throw error;
    }
    if (announces !== "reply") this.#announce();
  }

  #announce(): void {
    if (!this.#announcement || this.#hasAnnounced) return;
    this.#hasAnnounced = true;
    const { message, text } = this.#announcement;
    try {
      this.#outbox.announce(this.level === "string" ? text : message);
    } catch (error) {
      this.#end(failureOf(error), "transport");
    }
  }

  /** The hook of the peer's main object. Giving it up ends the session. */
  main(): StubHook {
    // The session may have ended as it started: the transport couldn't send, say.
    if (this.#ended) return this.#ended;
    return Object.assign(new ImportHook(this.imports.get(0)!), {
      dispose: () => this.#end(new ErrorHook(new SessionError()), "local"),
    });
  }

  /** Exports `hook`, which it takes over, as the main object, in place of what was it until now. */
  setMain(hook: StubHook): void {
    if (this.#ended) hook.dispose(this.#ended);
    else this.exports.replaceMain(hook);
  }

  /** Calls `callback` when every result that the peer pulled has been sent, or the session is over. */
  whenDrained(callback: (over: ErrorHook | undefined) => void): void {
    this.#draining ??= [];
    this.#draining.push(callback);
    this.#tellDrained();
  }

  #tellDrained(): void {
    const over = this.#ended;
    if (!this.#draining?.length) return;
    if (!over && (this.#answering > 0 || this.#inbox.isWaiting)) return;
    if (!over) this.#outbox.flush();
    for (const callback of this.#draining.splice(0)) callback(over);
  }

  /** The hook of the main object, which may be still to come: calls wait for it. */
  #hookOfMain(main: unknown): StubHook {
    if (!(main instanceof Promise)) return this.runtime.hookOfHandedIn(main);
    return hookOfAwaited(main, {
      take: (value) => this.runtime.hookOfHandedIn(value),
      fail: (error) => {
        reportError(error, "createMain", this.#onError);
        return new ErrorHook(error);
      },
    });
  }

  // What the transport does.

  receive(message: unknown): void {
    if (this.#ended) return;
    this.#safetyNet?.catchUp();
    if (this.#scheduler.mayRun(this.#inbox)) this.take(message);
    else this.#later(message as string);
  }

  end(reason: unknown): void {
    this.#takeOrWait({ ends: "peer", reason });
  }

  close(reason: unknown): void {
    this.#takeOrWait({ ends: "medium", reason });
  }

  fail(reason: unknown): void {
    this.#takeOrWait({ ends: "receiving", reason });
  }

  #takeOrWait(ending: Ending): void {
    if (this.#ended) return;
    // What came before it counts, but there may be nobody to answer.
    if (this.#inbox.isWaiting) {
      if (ending.ends === "medium") this.#outbox.stop();
      this.#later(ending);
    } else this.takeEnding(ending);
  }

  #later(item: string | object): void {
    try {
      this.#inbox.push(item);
    } catch (error) {
      this.abort(error);
    }
  }

  take(message: unknown): void {
    if (this.#ended) return;
    const listener = reportTo(this.#onError);
    try {
      if (this.#announcement && this.#transport.isBinary && message instanceof Uint8Array) {
        this.#arrived ??= new Attached();
        this.#arrived.add(message, this.limits.maxMessageSize);
      } else {
        this.#takeText(message);
      }
    } catch (error) {
      this.abort(error);
    } finally {
      reportTo(listener);
    }
    if (this.#draining) this.#tellDrained();
  }

  #takeText(message: unknown): void {
    const attached = this.#arrived;
    this.#arrived = undefined;
    if (typeof message === "string") {
      if (message.length > this.limits.maxFrameSize) throw this.#tooLong();
      // No single message has that in it, however it is laid out. One character is found sooner.
      if (this.#announcement && message.indexOf("\n") >= 0 && message.includes("]\n[")) {
        this.#takeLines(new Lines(message, attached));
        return;
      }
    }
    // Those of a text in which this one was received.
    const outer = this.#attached;
    this.#attached = attached;
    this.#dispatch(message);
    attached?.end();
    this.#attached = outer;
  }

  #tooLong(): LimitError {
    const { maxFrameSize } = this.limits;
    return overLimit(
      "maxFrameSize",
      `Incoming text exceeds maximum size of ${maxFrameSize} UTF-16 code units.`,
    );
  }

  #takeLines(lines: Lines): void {
    while (this.#takeLine(lines)) {
      if (this.#scheduler.mayRun(this.#inbox)) continue;
      this.#inbox.putBack(lines);
      return;
    }
  }

  takeLine(lines: Lines): boolean {
    const listener = reportTo(this.#onError);
    try {
      return this.#takeLine(lines);
    } catch (error) {
      this.abort(error);
      return false;
    } finally {
      reportTo(listener);
      this.#tellDrained();
    }
  }

  #takeLine(lines: Lines): boolean {
    const { attached } = lines;
    const outer = this.#attached;
    this.#attached = attached;
    this.#dispatch(lines.take());
    const { isLeft } = lines;
    if (!isLeft) attached?.end();
    this.#attached = outer;
    return isLeft && !this.#ended;
  }

  holdBack(isHeldBack: boolean): void {
    try {
      if (isHeldBack) this.#transport.pause?.();
      else this.#transport.resume?.();
    } catch (error) {
      this.#end(new ErrorHook(error), "local");
    }
  }

  takeEnding({ ends, reason }: Ending): void {
    if (ends === "medium") this.#end(failureOf(reason), "medium");
    else if (ends === "receiving") this.abort(reason);
    else if (!this.#ended && !this.#silent) {
      this.#silent = failureOf(reason);
      for (const entry of this.imports.awaited()) this.settle(entry, this.#silent);
    }
    this.#tellDrained();
  }

  #dispatch(message: unknown): void {
    if (this.#ended) return;
    const own = this.#announcement;
    this.#rate?.received(sizeOf(message), performance.now());
    // What most peers say first, and needn't be parsed.
    if (own && message === own.text) this.announced(ANNOUNCEMENT_ID, own.message[2]);
    else {
      const budget = dispatch(this, message, this.#attached?.size ?? 0);
      if (budget && (budget.left < this.#lightLeft || budget.size > HEAVY)) {
        this.#scheduler.wasHeavy();
      }
    }
  }

  /** The peer said something under an id that nobody has: which extensions it knows, maybe. */
  announced(id: number, value: Expression): void {
    if (this.#announcement && id === ANNOUNCEMENT_ID) {
      this.#announce();
      this.#features = negotiate(this.#features, value, this.#ownFeatures);
      this.#outbox.adopt(this.#features);
    }
  }

  /** The peer gives references up. @throws ProtocolError for more than it has */
  released(id: number, references: number): void {
    const isAnswer = this.#hasAnnounced && !this.#wasReleased && mayAnswerAnnouncement(id);
    if (isAnswer && !this.exports.get(id)) this.#wasReleased = true;
    else this.exports.release(id, references);
  }

  get peerLimits(): PeerLimits {
    return this.#features.limits;
  }

  get peerHasAnnounced(): boolean {
    return this.#features.isAnnounced;
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

  /** Exports the result of a call, which the peer may ask for. */
  pushed(hook: StubHook, budget: Budget): void {
    this.exports.addForPeer(hook, budget);
    if (this.#onResult) hook.whenSettled(this.#onResult);
  }

  decode(expression: Expression, budget: Budget): Payload {
    return this.#decoder().begin(budget).decodePayload(expression);
  }

  /** Decodes the resolution of a promise, which fails with the session if it is still to come. */
  decodeResolution(expression: Expression, budget: Budget): Payload {
    return this.#decoder().begin(budget, true).decodePayload(expression);
  }

  takeAttached(length: number): Uint8Array | undefined {
    return this.#attached?.take(length);
  }

  #decoder(): SessionDecoder {
    if (!this.#lastDecoder?.isReusable) this.#lastDecoder = new SessionDecoder(this);
    return this.#lastDecoder;
  }

  get canAttach(): boolean {
    return this.#features.bytes;
  }

  /** Tells the peer what an export resolves to, once. */
  answer(id: number, budget: Budget): void {
    const entry = this.exports.entry(id);
    if (!entry) throw new ProtocolError(`no such export ID: ${id}`);
    if (entry.pulled) return;
    new Answer(this, id, budget).pull(this.#beginAnswer(entry).hook);
  }

  /** Answers with what `hook` stands for, which the peer can't refer to otherwise. Takes it over. */
  answerOnce(hook: StubHook, budget: Budget): void {
    const id = this.exports.reserve();
    this.#answering++;
    // What is there already needn't be entered.
    if (!hook.peek()) this.exports.enterPulled(id, hook, budget.size + budget.made);
    new Answer(this, id, budget, hook).pull(hook);
  }

  #beginAnswer(entry: ExportEntry): ExportEntry {
    entry.pulled = true;
    this.#answering++;
    return entry;
  }

  answered({ id, released }: Answer): void {
    if (released) {
      const listener = reportTo(this.#onError);
      this.exports.remove(id);
      released.dispose();
      reportTo(listener);
    }
    this.#answering--;
    this.#tellDrained();
  }

  resolve(answer: Answer, payload: Payload): void {
    if (this.#ended) return;
    const listener = reportTo(this.#onError);
    this.#answer = answer;
    let operand: unknown;
    try {
      operand = EncodeTransaction.encode(this, payload, false, answer.budget);
    } finally {
      this.#answer = undefined;
      reportTo(listener);
    }
    if (typeof operand === "string" && !answer.released) {
      this.exports.hold(answer.id, operand.length);
    }
    this.#send("resolve", answer.id, operand);
  }

  reject(id: number, error: unknown): void {
    if (this.#ended) return;
    this.#send("reject", id, EncodeTransaction.failure(this, error));
  }

  /** The peer said what one of our imports is. Takes over `hook`. */
  settle(entry: ImportEntry, hook: StubHook): void {
    this.release(entry);
    // One that the peer releases is still there.
    this.imports.remove(entry);
    entry.settle(hook);
  }

  /**
   * A reference to what `hook` stands for, that fails when the session ends. A peer may resolve our
   * calls to calls of ours that wait for themselves. Takes over `hook`.
   */
  untilEnd(hook: StubHook): StubHook {
    if (!(hook instanceof PromiseHook) || hook.settled() !== hook) return hook;
    const deferred = new Deferred();
    const listener = new BrokenListener((error) => deferred.settle(new ErrorHook(error)));
    this.onBroken(listener);
    hook.whenSettled(() => {
      listener.stop();
      deferred.settle(hook);
    });
    return new PromiseHook(deferred);
  }

  /** The peer ended the session because of `reason`. */
  abortedByPeer(reason: unknown): void {
    this.#end(new ErrorHook(reason), "peer");
  }

  // What our own stubs ask for.

  call(id: number, path: PropertyPath, args: Payload): StubHook {
    if (this.#ended) {
      args.dispose();
      return this.#ended;
    }
    const list = EncodeTransaction.encode(this, args, true);
    const result = this.#push(this.form.tagged("pipeline", id, this.form.list(path), list));
    // Not before the message that refers to what they hold.
    args.dispose();
    return result;
  }

  get(id: number, path: PropertyPath): StubHook {
    return this.#ended ?? this.#push(this.form.tagged("pipeline", id, this.form.list(path)));
  }

  map(id: number, path: PropertyPath, captures: StubHook[], instructions: Expression[]): StubHook {
    if (this.#ended) throw this.#ended.error;
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
    const over = this.#ended ?? (args.isPiped ? undefined : this.#silent);
    if (over) throw over.error;
    const list = EncodeTransaction.encode(this, args, true);
    if (this.#ended) throw this.#ended.error;
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
    if (!this.#silent) this.#send("pull", entry.id);
    else this.settle(entry, this.#silent);
  }

  release(entry: ImportEntry): void {
    if (!entry.isReferable || !this.imports.remove(entry)) return;
    this.#send("release", entry.id, entry.introduced);
  }

  onBroken(listener: BrokenListener): void {
    // Called back meanwhile: the things that end with the session don't know yet.
    if (this.#ended) listener.call(this.#ended.error);
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
    this.#send("pipe");
    return { id: entry.id, hook: new ImportHook(entry) };
  }

  watchStream(id: number, stream: Watched): void {
    stream.onFailure = (error) => {
      const entry = this.exports.entry(id);
      // The peer may have asked for it, and was told that it can't, or has given it up.
      if (!entry || entry.pulled) return;
      entry.pulled = true;
      this.reject(id, error);
    };
  }

  settleUnasked(id: number): void {
    const { hook } = this.#beginAnswer(this.exports.entry(id)!);
    // Not before the message that introduces the id.
    const answer = new Answer(this, id, this.#answer?.budget, undefined, this.#answer);
    afterAwaits(() => answer.pull(hook));
  }

  #push(expression: unknown): StubHook {
    // Its pipes couldn't be sent, say.
    if (this.#ended) return this.#ended;
    const isHeld = this.#features.calls;
    const net = this.#net;
    const batch = net?.batchForCall();
    const entry = this.imports.addResult(isHeld ? "call" : "result", batch?.losses);
    if (net?.keepsStacks) entry.made = stack();
    if (isHeld) this.#outbox.hold(entry, expression, this.#takeAttachments());
    else {
      this.#send("push", expression);
      net?.leftAtOnce(entry);
    }
    return new ImportHook(entry, batch);
  }

  // The safety net.

  get #net(): SafetyNet | undefined {
    if (this.#safetyNet === undefined && this.#netOption) {
      this.#safetyNet = new SafetyNet(this, this.#netOption === "trace");
    }
    return this.#safetyNet;
  }

  leftUnawaited(entry: ResultEntry): void {
    this.#safetyNet?.leftUnawaited(entry);
  }

  allLeft(): void {
    this.#safetyNet?.allLeft();
  }

  loseResult(id: number): void {
    const entry = this.imports.get(id);
    // What is awaited is released when it comes.
    if (!entry || entry.isAwaited) return;
    entry.count = 0;
    entry.drop();
  }

  watch(hook: ImportHook, entry: ImportEntry): boolean {
    this.#net?.watchStub(hook, entry);
    return this.#netOption !== undefined;
  }

  unwatch(hook: ImportHook): void {
    this.#safetyNet?.unwatch(hook);
  }

  /** Keeps the stack of the call that gave what a payload holds, if it was kept. */
  #traceResult(entry: ImportEntry, payload: Payload): void {
    const made = (entry as ResultEntry).made;
    if (!made) return;
    for (const reference of payload.references) {
      if (reference instanceof ImportHook) this.#net?.gave(reference, made);
    }
  }

  /** The peer said what one of our imports is. Takes over `payload`. */
  settleWith(entry: ImportEntry, payload: Payload): void {
    if (this.#netOption === "trace") this.#traceResult(entry, payload);
    this.settle(entry, this.runtime.hookOfPayload(payload));
  }

  // Sending, and the end.

  /** Sends a message, or nothing if the session is over; gives its size. */
  #send(tag: string, ...operands: Operands): number {
    if (this.#ended) return 0;
    return this.#sendMessage(this.form.tagged(tag, ...operands));
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
    if (this.#ended) return;
    if (reason instanceof LimitError) {
      runCallback("onLimit", () => this.#onLimit?.(reason), this.#onError);
    }
    if (this.#ended) return;
    this.#send("abort", EncodeTransaction.failure(this, reason));
    this.#end(new ErrorHook(reason), "local");
  }

  #end(failure: ErrorHook, by: EndedBy): void {
    if (this.#ended) return;
    this.#ended = failure;
    const listener = reportTo(this.#onError);
    try {
      this.#giveUp(failure, by);
    } finally {
      reportTo(listener);
    }
  }

  #giveUp(failure: ErrorHook, by: EndedBy): void {
    this.#inbox.clear();
    this.#calls.clear();
    this.held.clear();
    if (this.#broken) callListeners(this.#broken, () => failure.error);
    for (const entry of this.imports.clear()) entry.settle(failure);
    this.exports.clear(failure);
    this.#calls.failAll(failure);
    this.#tellDrained();
    if (by === "local") this.#outbox.flush();
    // Including the message whose sending, or whose getters, ended the session.
    this.#outbox.end();
    if (by !== "medium") runCallback("transport", () => this.#transport.abort(failure.error));
  }
}

/**
 * The side at which a session ends. A `medium` that is gone needs no closing. A `transport` that failed to
 * send does: the peer may still be there.
 */
type EndedBy = "local" | "peer" | "medium" | "transport";

/** The failure of what a transport says is over; a reason that is made when asked for is made once. */
function failureOf(reason: unknown): ErrorHook {
  if (typeof reason !== "function") return new ErrorHook(reason);
  let made: { reason: unknown } | undefined;
  return new LateErrorHook(() => {
    try {
      made ??= { reason: reason() };
    } catch (error) {
      made = { reason: error };
    }
    return made.reason;
  });
}

/** Steps and code units from which on a message is heavy: about a millisecond. */
const HEAVY = 16_384;

const NO_MAIN = new LateErrorHook(() => new Error("This connection has no main object."));

/** An `onSendError` that fails is reported, and hides the error that it would have seen to. */
function guarded(
  onSendError: (error: Error) => Error | void,
  listener: ErrorListener | undefined,
): (error: Error) => Error | void {
  return (error) => {
    let sent: Error | void = new Error("The error is withheld.");
    const ask = () => {
      sent = onSendError(error);
      return sent;
    };
    runCallback("onSendError", ask, listener);
    return sent;
  };
}
