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
import { stack } from "./safety-net.ts";
import { SessionNet } from "./session-net.ts";
import type { TableOwner } from "./table-owner.ts";

/** A session, as the requests of its stubs see it. */
export interface OutgoingHost extends EncodingSession, TableOwner {
  readonly lifetime: Lifetime;
  readonly negotiation: Negotiation;
  readonly outbox: Outbox;
}

/**
 * The requests that this side's stubs make of the peer, and the imports that they are made on. An
 * import's session is this object: references to the peer's exports are known by it.
 */
export class Outgoing implements Importer, PipeMaker {
  readonly runtime: Runtime;
  readonly errorProperties: EncodeContext["errorProperties"];
  readonly imports: ImportTable;
  readonly net: SessionNet;
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
    this.net = new SessionNet(this.imports, transport, releaseForgotten);
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
    // Not before the message that refers to what they hold.
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
   * @param _account of the call, for {@link ContextualOutgoing}
   * @param isReferable whether messages are to refer to the result, however it is used
   */
  protected push(
    expression: unknown,
    _account: Budget | undefined,
    attached?: readonly Uint8Array[],
    isReferable = false,
  ): StubHook {
    const { lifetime, negotiation, outbox } = this.#host;
    // Its pipes couldn't be sent, say.
    if (lifetime.over) return lifetime.over;
    const isHeld = negotiation.features.calls && !isReferable;
    const net = this.net.ofSession;
    const batch = net?.batchForCall();
    const entry = this.imports.addResult(isHeld ? "call" : "result", batch?.losses);
    if (net?.keepsStacks) entry.made = stack();
    if (isHeld) outbox.hold(entry, expression, attached);
    else {
      outbox.send(this.#form.tagged("push", expression), attached);
      net?.leftAtOnce(entry);
    }
    return new ImportHook(entry, batch);
  }

  stream(id: number, path: PropertyPath, args: Payload): StreamedCall {
    const { over, silent } = this.#lifetime;
    // To a pipe, all that the window has room for goes out, although nothing acknowledges it.
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

  /** Encoding runs code of the application, which may end the session. */
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

  /** The peer said what one of the imports is. Takes over `hook`. */
  settle(entry: ImportEntry, hook: StubHook): void {
    this.release(entry);
    // One that the peer releases is still there.
    this.imports.remove(entry);
    entry.settle(hook);
  }

  /** The peer said what one of the imports is. Takes over `payload`. */
  settleWith(entry: ImportEntry, payload: Payload): void {
    if (this.net.traces) this.net.trace(entry, payload);
    this.settle(entry, this.runtime.hookOfPayload(payload));
  }

  /** The peer can send nothing more: everything that it still has to say fails. */
  silence(failure: ErrorHook): void {
    this.#lifetime.silence(failure);
    for (const entry of this.imports.awaited()) this.settle(entry, failure);
  }

  onBroken(listener: BrokenListener): void {
    this.#lifetime.onBroken(listener);
  }

  forgetBroken(listener: BrokenListener): void {
    this.#lifetime.forgetBroken(listener);
  }
}
