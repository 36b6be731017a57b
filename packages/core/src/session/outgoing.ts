import type { EncodeContext, Expression } from "@capnweb/wire";
import type { BrokenListener } from "../broken-listener.ts";
import type { Budget } from "../budget.ts";
import { ErrorHook, type PropertyPath, type StreamedCall, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import type { Transport } from "../transport.ts";
import { EncodeTransaction, type EncodingSession, type PipeMaker } from "./encode-transaction.ts";
import { type ImportEntry, type Importer, ImportHook } from "./import-entry.ts";
import { ImportTable } from "./imports.ts";
import type { Lifetime } from "./lifetime.ts";
import type { MessageForm } from "./message-form.ts";
import type { Negotiation } from "./negotiation.ts";
import type { RpcSessionOptions } from "./options.ts";
import type { Outbox } from "./outbox.ts";
import type { ResultEntry } from "./result-entry.ts";
import { ResultHook } from "./result-hook.ts";
import type { SafetyNet } from "./safety-net.ts";
import type { TableOwner } from "./table-owner.ts";

/** A session, as the requests of its stubs see it. */
export interface OutgoingHost extends EncodingSession, TableOwner {
  readonly lifetime: Lifetime;
  readonly negotiation: Negotiation;
  readonly outbox: Outbox;
}

/**
 * The requests that this side's stubs make of the peer, and the imports that they are made on. This
 * object is an import's session: it marks references to the peer's exports.
 */
export class Outgoing implements Importer, PipeMaker {
  readonly runtime: Runtime;
  readonly errorProperties: EncodeContext["errorProperties"];
  readonly imports: ImportTable;
  readonly net: SafetyNet | undefined;
  readonly #host: OutgoingHost;
  readonly #form: MessageForm;
  readonly #lifetime: Lifetime;
  readonly #transport: Transport;

  constructor(
    host: OutgoingHost,
    transport: Transport,
    releaseForgotten: RpcSessionOptions["releaseForgotten"],
  ) {
    this.runtime = host.runtime;
    this.errorProperties = host.errorProperties;
    this.#host = host;
    this.#form = host.form;
    this.#lifetime = host.lifetime;
    this.#transport = transport;
    this.imports = new ImportTable(this, host);
    this.net = host.services.safetyNet(this.imports, transport, releaseForgotten);
  }

  call(id: number, path: PropertyPath, args: Payload): StubHook {
    const { over } = this.#lifetime;
    if (over) {
      args.dispose();
      return over;
    }
    const form = this.#form;
    const { operand, attached } = EncodeTransaction.encode(this.#host, args, true);
    const call = form.tagged("pipeline", id, form.list(path), operand);
    const result = this.push(call, args.budget, attached);
    // Released only after the message that refers to their contents.
    args.dispose();
    return result;
  }

  get(id: number, path: PropertyPath, account: Budget | undefined): StubHook {
    const form = this.#form;
    return this.#lifetime.over ?? this.push(form.tagged("pipeline", id, form.list(path)), account);
  }

  map(
    id: number,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    account: Budget | undefined,
  ): StubHook {
    const { over } = this.#lifetime;
    if (over) throw over.error;
    const list = captures.map((hook) => this.#encodeCapture(hook));
    const form = this.#form;
    return this.push(
      form.tagged("remap", id, form.list(path), form.list(list), form.list(instructions)),
      account,
    );
  }

  #encodeCapture(hook: StubHook): Expression {
    const id = hook.settled().idFor(this);
    if (id === undefined) return ["export", this.#host.exports.add(hook)];
    hook.dispose();
    return ["import", id];
  }

  /**
   * Sends a call.
   *
   * @param _account the call's account, for {@link ContextualOutgoing}
   * @param isReferable whether messages are to refer to the result, however it is used
   */
  protected push(
    expression: unknown,
    _account: Budget | undefined,
    attached?: readonly Uint8Array[],
    isReferable = false,
  ): StubHook {
    const { net } = this;
    const { lifetime, negotiation, outbox } = this.#host;
    // For example, its pipes couldn't be sent.
    if (lifetime.over) return lifetime.over;
    const isHeld = negotiation.features.calls && !isReferable;
    const batch = net?.batchForCall();
    const entry = this.imports.addResult(isHeld ? "call" : "result", batch?.losses);
    if (net?.traces) entry.made = net.callStack;
    if (isHeld) outbox.hold(entry, expression, attached);
    else {
      outbox.send(this.#form.tagged("push", expression), attached);
      net?.leftAtOnce(entry);
    }
    return new ResultHook(entry, batch);
  }

  stream(id: number, path: PropertyPath, args: Payload): StreamedCall {
    const { over, silent } = this.#lifetime;
    // A pipe sends everything that fits the window, even if it will never be acknowledged.
    const failure = over ?? (args.isPiped ? undefined : silent);
    if (failure) throw failure.error;
    const { operand, attached } = EncodeTransaction.encode(this.#host, args, true);
    this.#requireLife();
    const entry = this.imports.addResult("streamed");
    const form = this.#form;
    const call = form.tagged("pipeline", id, form.list(path), operand);
    const size = this.#host.outbox.sendCounted(form.tagged("stream", call), attached);
    args.dispose();
    return { result: new ImportHook(entry), size, room: this.#room() };
  }

  /** Checks again that the session lives. Encoding runs application code, which may end it. */
  #requireLife(): void {
    const { over } = this.#lifetime;
    if (over) throw over.error;
  }

  #room(): Promise<void> | undefined {
    try {
      return this.#transport.whenWritable?.();
    } catch (error) {
      this.#lifetime.end(new ErrorHook(error), "local");
    }
  }

  pull(entry: ImportEntry): void {
    const { silent } = this.#lifetime;
    if (!silent) this.#host.outbox.tell("pull", entry.id);
    else this.settle(entry, silent);
  }

  release(entry: ImportEntry): void {
    if (!entry.refer() || !this.imports.remove(entry)) return;
    this.#host.outbox.tell("release", entry.id, entry.introduced);
  }

  pipe(): { id: number; hook: StubHook } {
    const entry = this.imports.addStream();
    this.#host.outbox.tell("pipe");
    return { id: entry.id, hook: new ImportHook(entry) };
  }

  /**
   * Sends a call that every session answers, whatever its main object does: a number, to be
   * evaluated.
   */
  probe(): StubHook {
    return this.#lifetime.over ?? this.push(1, undefined);
  }

  /** Settles an import as the peer said. Takes over `hook`. */
  settle(entry: ImportEntry, hook: StubHook): void {
    this.release(entry);
    // An import that the peer releases is still in the table.
    this.imports.remove(entry);
    entry.settle(hook);
  }

  /** Settles an import with the peer's value. Takes over `payload`. */
  settleWith(entry: ImportEntry, payload: Payload): void {
    if (this.net?.traces) this.net.gave(payload.references, (entry as ResultEntry).made);
    this.settle(entry, this.runtime.hookOfPayload(payload));
  }

  /** Fails everything that the peer was still expected to say, because it can't send any more. */
  silence(failure: ErrorHook): void {
    this.#lifetime.silent = failure;
    for (const entry of this.imports.values()) if (entry.isAwaited) this.settle(entry, failure);
  }

  onBroken(listener: BrokenListener): void {
    this.#lifetime.onBroken(listener);
  }

  forgetBroken(listener: BrokenListener): void {
    this.#lifetime.forgetBroken(listener);
  }
}
