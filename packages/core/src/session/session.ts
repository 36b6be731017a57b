import {
  type EncodingLevel,
  type Expression,
  LimitError,
  type Limits,
  resolveLimits,
} from "@capnweb/wire";
import type { PendingCall } from "../budget.ts";
import type { Carried } from "../call-context/carried.ts";
import { SessionError } from "../errors.ts";
import { ErrorHook, type StubHook } from "../model/hook.ts";
import type { Runtime } from "../model/runtime.ts";
import { type ErrorListener, runCallback } from "../report.ts";
import type { Transport } from "../transport.ts";
import { Answers, type AnswersHost } from "./answers.ts";
import type { BaseSession, SessionParts } from "./base-session.ts";
import { contexts, outgoingOf } from "./contexts.ts";
import { encodeFailure } from "./encode-failure.ts";
import { EncodeTransaction } from "./encode-transaction.ts";
import { type EndedBy, failureOf } from "./ending.ts";
import { ExportTable } from "./exports.ts";
import { HeldBytes } from "./held-bytes.ts";
import type { ImportTable } from "./imports.ts";
import type { Ending } from "./inbox.ts";
import { Incoming, type IncomingHost } from "./incoming.ts";
import { Lifetime } from "./lifetime.ts";
import { hookOfMain, MainHook } from "./main-object.ts";
import { type MessageForm, messageForm } from "./message-form.ts";
import { messageObserver } from "./message-observer.ts";
import { Negotiation } from "./negotiation.ts";
import type { RpcSessionOptions, ServedFrom } from "./options.ts";
import { Outbox } from "./outbox.ts";
import type { Outgoing, OutgoingHost } from "./outgoing.ts";
import { PendingCalls } from "./pending-calls.ts";
import { SessionDecoder } from "./session-decoder.ts";
import { UnaskedFailures } from "./unasked-failures.ts";

/**
 * The state of one connection, assembled from its parts. Each part knows those made before it, and
 * the session as an interface:
 *
 * - {@link Lifetime}: whether the session is over
 * - {@link Negotiation}: the extensions that both sides know
 * - {@link Outgoing}: the calls of this side's stubs, and the imports that they are made on
 * - {@link Outbox}: messages on their way out
 * - {@link Answers}: the results that the peer asked for
 * - {@link Incoming}: the messages that arrive
 */
export class Session implements IncomingHost, AnswersHost, OutgoingHost, SessionParts {
  readonly runtime: Runtime;
  readonly level: EncodingLevel;
  readonly limits: Limits;
  readonly form: MessageForm;
  readonly onError: ErrorListener | undefined;
  readonly onSendError: RpcSessionOptions["onSendError"];
  readonly errorProperties: RpcSessionOptions["errorProperties"];
  readonly unasked: UnaskedFailures | undefined;
  readonly lifetime: Lifetime;
  readonly negotiation: Negotiation;
  readonly held: HeldBytes;
  readonly serving: object | undefined;
  readonly exports: ExportTable;
  readonly imports: ImportTable;
  readonly outgoing: Outgoing;
  readonly outbox: Outbox;
  readonly answers: Answers;
  readonly plainEncoder: EncodeTransaction;
  readonly #calls: PendingCalls;
  readonly #incoming: Incoming;
  readonly #transport: Transport;
  readonly #onLimit: RpcSessionOptions["onLimit"];
  #lastDecoder: SessionDecoder | undefined;
  /** The context of the calls that the peer makes from now on. */
  received: Carried | undefined;
  exceededLimit: LimitError | undefined;
  face!: BaseSession<any>;
  isListed = false;

  constructor(
    runtime: Runtime,
    transport: Transport,
    localMain: unknown,
    options: RpcSessionOptions & ServedFrom,
  ) {
    this.runtime = runtime;
    this.level = transport.encodingLevel ?? "string";
    this.limits = resolveLimits(options.limits);
    this.form = messageForm(this.level);
    this.onError = options.onError;
    this.errorProperties = options.errorProperties;
    if (options.onSendError) {
      const failures = new UnaskedFailures(options.onSendError, options.onError);
      this.onSendError = (error) => failures.sending(error);
      this.unasked = failures;
    }
    this.#onLimit = options.onLimit;
    this.#transport = transport;
    const exceeded = (error: LimitError) => this.abort(error);
    this.lifetime = new Lifetime((failure, by) => this.#giveUp(failure, by), options.onError);
    this.negotiation = new Negotiation(transport, this.limits, options);
    this.held = new HeldBytes(this.limits, exceeded, options.network);
    this.#calls = new PendingCalls(this, this.held);
    this.exports = new ExportTable(hookOfMain(localMain, runtime, options.onError), this);
    this.serving = options.interceptors?.serving(this);
    this.outgoing =
      (options.interceptors?.outgoing(this, transport, options) as Outgoing | undefined) ??
      outgoingOf(this, transport, options);
    this.imports = this.outgoing.imports;
    const observe = messageObserver(options);
    this.outbox = new Outbox(
      transport,
      this.form,
      this.negotiation.features,
      this.lifetime,
      this.outgoing.net,
      observe,
    );
    this.answers = new Answers(this);
    this.plainEncoder = new EncodeTransaction(this, "unowned");
    this.#incoming = new Incoming(this, transport, this.negotiation.announcement, observe);
    this.#start();
  }

  /**
   * Starts the transport. Called last in the constructor, because a transport may deliver messages
   * at once.
   */
  #start(): void {
    try {
      this.#transport.start(this.#incoming);
    } catch (error) {
      // The session must dispose of the main object, because its caller never gets this session.
      this.lifetime.end(new ErrorHook(error), "medium");
      throw error;
    }
    if (!this.negotiation.isReply) this.#announce();
  }

  #announce(): void {
    const announced = this.negotiation.take();
    if (announced)
      this.outbox.announce(this.level === "string" ? announced.text : announced.message);
  }

  announced(id: number, value: Expression): void {
    if (!this.negotiation.heard(id, value)) return;
    // Before anything is sent that the peer's announcement allows.
    this.#announce();
    this.outbox.setFeatures(this.negotiation.features);
    contexts?.hear(value, this);
  }

  /** The hook of the peer's main object. Giving it up ends the session. */
  main(): StubHook {
    // The session may have ended as it started, for example because the transport couldn't send.
    if (this.lifetime.over) return this.lifetime.over;
    const end = () => this.lifetime.end(new ErrorHook(new SessionError()), "local");
    return new MainHook(this.imports.get(0)!, end);
  }

  /** Exports `hook` as the main object, in place of the previous one. Takes it over. */
  setMain(hook: StubHook): void {
    const { over } = this.lifetime;
    // Its disposer may fail, now or later.
    if (this.onError) hook.reportTo(this.onError);
    if (over) hook.dispose(over);
    else this.exports.replaceMain(hook);
  }

  get isWaiting(): boolean {
    return this.#incoming.isWaiting;
  }

  decoder(): SessionDecoder {
    if (!this.#lastDecoder?.isReusable) this.#lastDecoder = new SessionDecoder(this);
    return this.#lastDecoder;
  }

  exceeded(error: LimitError): void {
    this.abort(error);
  }

  callBegan(call: PendingCall): void {
    this.#calls.began(call);
  }

  callEnded(call: PendingCall): void {
    this.#calls.ended(call);
  }

  ended({ ends, reason }: Ending): void {
    const { over, silent } = this.lifetime;
    if (ends === "medium") this.lifetime.end(failureOf(reason), "medium");
    else if (ends === "receiving") this.abort(reason);
    else if (!over && !silent) this.outgoing.silence(failureOf(reason));
    this.answers.tellDrained();
  }

  /** Ends the session because something in it failed, and tells the peer. */
  abort(reason: unknown): void {
    if (this.lifetime.over) return;
    if (reason instanceof LimitError) {
      this.exceededLimit = reason;
      runCallback("onLimit", () => this.#onLimit?.(reason), this.onError);
    }
    if (this.lifetime.over) return;
    this.outbox.tell("abort", encodeFailure(this, reason));
    this.lifetime.end(new ErrorHook(reason), "local");
  }

  #giveUp(failure: ErrorHook, by: EndedBy): void {
    this.#incoming.clear();
    this.#calls.clear();
    this.held.clear();
    this.lifetime.tellBroken(failure);
    for (const entry of this.imports.clear()) entry.settle(failure);
    this.exports.clear(failure);
    this.#calls.failAll(failure);
    this.answers.tellDrained();
    if (by === "local") this.outbox.flush();
    // Drops even the message whose sending, or whose getters, ended the session.
    this.outbox.clear();
    if (by !== "medium") {
      runCallback("transport", () => this.#transport.abort(failure.error), this.onError);
    }
  }
}
