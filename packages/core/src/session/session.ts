import { type EncodingLevel, LimitError, type Limits, resolveLimits } from "@capnweb/wire";
import type { AnnouncementContent } from "@capnweb/wire/internal";
import type { Carried } from "../call-context/carried.ts";
import { ErrorHook, type StubHook } from "../model/hook.ts";
import type { Runtime } from "../model/runtime.ts";
import { type ErrorListener, runCallback } from "../report.ts";
import type { Transport } from "../transport.ts";
import { Answers, type AnswersHost } from "./answers.ts";
import type { BaseSession, SessionParts } from "./base-session.ts";
import { contexts, outgoingOf } from "./contexts.ts";
import { encodeFailure } from "./encode-failure.ts";
import { EncodeTransaction } from "./encode-transaction.ts";
import { type EndedBy, type Ending, failureOf } from "./ending.ts";
import { ExportTable } from "./exports.ts";
import type { SessionAccount } from "./held-bytes.ts";
import type { ImportTable } from "./imports.ts";
import { Incoming, type IncomingHost } from "./incoming.ts";
import { Lifetime } from "./lifetime.ts";
import type { Followed } from "./lost-calls.ts";
import { hookOfMain, MainHook } from "./main-object.ts";
import { type MessageForm, messageForm } from "./message-form.ts";
import { messageObserver } from "./message-observer.ts";
import type { Negotiation } from "./negotiation.ts";
import type { RpcSessionOptions, ServedFrom } from "./options.ts";
import { Outbox } from "./outbox.ts";
import type { Outgoing, OutgoingHost } from "./outgoing.ts";
import { PendingCalls } from "./pending-calls.ts";
import type { SessionServices } from "./services.ts";
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
  readonly services: SessionServices;
  readonly level: EncodingLevel;
  readonly limits: Limits;
  readonly form: MessageForm;
  readonly onError: ErrorListener | undefined;
  readonly onSendError: RpcSessionOptions["onSendError"];
  readonly interception: RpcSessionOptions["interceptors"];
  readonly errorProperties: RpcSessionOptions["errorProperties"];
  readonly documentWriter: SessionServices["documentWriter"];
  readonly unasked: UnaskedFailures | undefined;
  readonly lifetime: Lifetime;
  readonly negotiation: Negotiation;
  readonly held: SessionAccount;
  readonly calls: PendingCalls;
  readonly serving: object | undefined;
  readonly exports: ExportTable;
  readonly imports: ImportTable;
  readonly outgoing: Outgoing;
  readonly outbox: Outbox;
  readonly answers: Answers;
  readonly plainEncoder: EncodeTransaction;
  readonly #incoming: Incoming;
  readonly #transport: Transport;
  readonly #onLimit: RpcSessionOptions["onLimit"];
  #lastDecoder: SessionDecoder | undefined;
  /** The context of the calls that the peer makes from now on. */
  received: Carried | undefined;
  exceededLimit: LimitError | undefined;
  face!: BaseSession<any>;
  isListed: boolean | undefined;

  constructor(
    runtime: Runtime,
    services: SessionServices,
    transport: Transport,
    localMain: unknown,
    options: RpcSessionOptions & ServedFrom & Followed,
  ) {
    this.runtime = runtime;
    this.services = services;
    this.documentWriter = services.documentWriter;
    this.level = transport.encodingLevel ?? "string";
    this.limits = resolveLimits(options.limits);
    this.form = messageForm(this.level);
    this.onError = options.onError;
    this.errorProperties = options.errorProperties;
    this.#onLimit = options.onLimit;
    this.#transport = transport;
    const { onError, lostCalls } = options;
    this.lifetime = new Lifetime(this, onError, lostCalls);
    this.negotiation = services.negotiation(transport, this.limits, options, services);
    this.held = services.account(this.limits, this, options.network);
    this.calls = new PendingCalls(this, this.held);
    this.exports = new ExportTable(hookOfMain(localMain, runtime, options.onError), this);
    if (options.onSendError || options.onLostError) {
      const failures = new UnaskedFailures(options, options.onError, this.exports);
      if (options.onSendError) this.onSendError = (error) => failures.sending(error);
      this.unasked = failures;
    }
    const { interceptors } = options;
    this.interception = interceptors;
    if (interceptors && !interceptors.serving) {
      throw new TypeError("interceptors must come from intercept(a, b).");
    }
    this.serving = interceptors?.serving(this);
    this.outgoing =
      (interceptors?.outgoing(this, transport, options) as Outgoing | undefined) ??
      outgoingOf(this, transport, options);
    this.imports = this.outgoing.imports;
    lostCalls?.begin(() => this.imports.nextId);
    const observe = messageObserver(options, this);
    this.outbox = new Outbox(this, transport, observe);
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

  announced(announced: AnnouncementContent | undefined): void {
    this.negotiation.heard(announced);
    // Before anything is sent that the peer's announcement allows.
    this.#announce();
    if (announced) contexts?.hear(announced, this);
  }

  /** The hook of the peer's main object. Giving it up ends the session. */
  main(): StubHook {
    // The session may have ended as it started, for example because the transport couldn't send.
    if (this.lifetime.over) return this.lifetime.over;
    return new MainHook(this.imports.get(0)!, this.lifetime);
  }

  get isWaiting(): boolean {
    return this.#incoming.isWaiting;
  }

  decoder(): SessionDecoder {
    if (!this.#lastDecoder?.isReusable) this.#lastDecoder = new SessionDecoder(this);
    return this.#lastDecoder;
  }

  decoded(): void {
    if (this.#lastDecoder) this.#lastDecoder.budget = undefined;
  }

  ended({ ends, reason }: Ending): void {
    const { over, silent } = this.lifetime;
    if (ends === "medium") this.lifetime.end(failureOf(reason), "medium");
    else if (ends === "receiving") this.abort(reason);
    else if (!over && !silent) this.outgoing.silence(failureOf(reason));
    this.answers.progressed();
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

  giveUp(by: EndedBy): void {
    const { over, interrupted } = this.lifetime;
    this.#incoming.clear();
    this.calls.clear();
    this.held.clear();
    this.lifetime.tellBroken(over!);
    const imports = this.imports.clear();
    // Streams first. They would else fail with the failure of their last chunk, which may not have
    // left, unlike those before it.
    for (const isCall of [false, true]) {
      for (const entry of imports) {
        if (!!entry.isCall === isCall) entry.settle(this.lifetime.failureOf(entry));
      }
    }
    this.exports.clear(interrupted!);
    this.calls.failAll(interrupted!);
    this.answers.progressed();
    if (by === "local") this.outbox.flush();
    // Drops even the message whose sending, or whose getters, ended the session.
    this.outbox.clear();
    if (by !== "medium") {
      runCallback("transport", () => this.#transport.abort(over!.error), this.onError);
    }
  }
}
