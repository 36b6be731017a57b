import { checkMessage } from "@capnweb/wire";
import { type Attached, checkFrameSize, type Lines } from "@capnweb/wire/internal";
import { Budget } from "../budget.ts";
import type { Carried } from "../call-context/carried.ts";
import { HEAVY_MESSAGE } from "../call-context/counts.ts";
import { ErrorHook } from "../model/hook.ts";
import type { Transport } from "../transport.ts";
import type { Scheduler } from "../turns/scheduler.ts";
import { schedulerForSession } from "../turns/turns.ts";
import { type DispatchTarget, HANDLERS, release } from "./dispatch.ts";
import type { Ending } from "./ending.ts";
import type { Announcement } from "./features.ts";
import type { Framing } from "./framing.ts";
import type { SessionAccount } from "./held-bytes.ts";
import { Inbox, type InboxHandler, Waiting } from "./inbox.ts";
import type { MessageObserver } from "./message-observer.ts";
import { sizeOf } from "./message-size.ts";
import type { Outbox } from "./outbox.ts";
import type { PullReceiver } from "./pull-transport.ts";
import { type RateLimit, rateLimitOf } from "./rate-limit.ts";
import type { SessionServices } from "./services.ts";

/** A session, as arriving messages act on it. */
export interface IncomingHost extends DispatchTarget {
  readonly services: SessionServices;
  /** The context of the calls that the peer makes from now on. */
  readonly received: Carried | undefined;
  readonly outbox: Outbox;
  readonly held: SessionAccount;
  /** Ends the session because of something that a message did. */
  abort(reason: unknown): void;
  /** Notes that the peer, or the medium, has ended, after everything before was handled. */
  ended(ending: Ending): void;
}

/**
 * The messages that a session's transport delivers. They are split, joined with the bytes that came
 * before them, and handled when it is the session's turn.
 */
export class Incoming implements PullReceiver, InboxHandler {
  readonly #host: IncomingHost;
  readonly #transport: Transport;
  readonly #scheduler: Scheduler;
  /** Messages that wait. Many sessions never have any. */
  #lazyInbox: Inbox | undefined;
  readonly #messageRate: RateLimit | undefined;
  readonly #byteRate: RateLimit | undefined;
  readonly #observe: MessageObserver | undefined;
  readonly #parse: SessionServices["parse"];
  /** This side's announcement. */
  readonly #announcement: Announcement | undefined;
  /** Set with an announcement. Without one, no text has several messages, and no bytes come. */
  readonly #framing: Framing | undefined;
  /** The least number of steps that a light message leaves of its budget. */
  readonly #lightLeft: number;
  /** Bytes that came after the last text and belong to the next. */
  #attached: Attached | undefined;

  /** @param observe called with everything that the transport delivers */
  constructor(
    host: IncomingHost,
    transport: Transport,
    announcement: Announcement | undefined,
    observe: MessageObserver | undefined,
  ) {
    const { limits } = host;
    this.#host = host;
    this.#transport = transport;
    const { parse, framing } = host.services;
    this.#parse = parse;
    this.#announcement = announcement;
    this.#framing = announcement && framing;
    this.#observe = observe;
    this.#scheduler = schedulerForSession();
    this.#lightLeft = limits.maxWork - HEAVY_MESSAGE;
    this.#messageRate = rateLimitOf(limits, "maxMessageRate");
    this.#byteRate = rateLimitOf(limits, "maxByteRate");
  }

  get #inbox(): Inbox {
    this.#lazyInbox ??= new Inbox(this, this.#scheduler, this.#host.held, this.turnBudget);
    return this.#lazyInbox;
  }

  get turnBudget(): number {
    return this.#host.limits.turnBudget;
  }

  /** True if messages wait for their turn. */
  get isWaiting(): boolean {
    return this.#lazyInbox?.isWaiting === true;
  }

  /** Drops all messages, because the session is over. */
  clear(): void {
    this.#lazyInbox?.clear();
  }

  receive(message: unknown): void {
    const host = this.#host;
    if (host.lifetime.over) return;
    this.#observe?.("in", message);
    // The session is at work again.
    host.outgoing.net?.catchUp();
    if (this.#scheduler.mayRun(this)) this.take(message);
    else this.#later(message);
  }

  end(reason: unknown): void {
    this.#takeOrWait({ ends: "peer", reason });
  }

  close(reason: unknown): void {
    this.#takeOrWait({ ends: "medium", reason });
  }

  probe(): void {
    const hook = this.#host.outgoing.probe();
    const done = () => hook.dispose();
    hook.pull({ resolve: done, reject: done });
  }

  fail(reason: unknown): void {
    this.#takeOrWait({ ends: "receiving", reason });
  }

  #takeOrWait(ending: Ending): void {
    const host = this.#host;
    if (host.lifetime.over) return;
    // Earlier messages still count, but their answers may have nowhere to go.
    if (this.isWaiting) {
      if (ending.ends === "medium") host.outbox.stop();
      this.#later(new Waiting(0, () => host.ended(ending)));
    } else host.ended(ending);
  }

  #later(item: unknown): void {
    try {
      this.#inbox.push(item, this.#host.limits.maxValues);
    } catch (error) {
      this.#host.abort(error);
    }
  }

  take(message: unknown): void {
    const host = this.#host;
    if (host.lifetime.over) return;
    try {
      const framing = this.#framing;
      if (framing && this.#transport.isBinary && message instanceof Uint8Array) {
        this.#attached ??= new framing.Attached();
        this.#attached.add(message, host.limits.maxMessageSize);
      } else {
        const attached = this.#attached;
        this.#attached = undefined;
        if (this.#isJoined(message)) this.#takeLines(new framing!.Lines(message, attached));
        else {
          this.#handle(message, attached);
          attached?.end();
        }
      }
    } catch (error) {
      host.abort(error);
    }
    host.answers.progressed();
  }

  /** @throws LimitError for a text that is too long */
  #isJoined(message: unknown): message is string {
    if (typeof message !== "string") return false;
    checkFrameSize(message, this.#host.limits);
    return this.#framing?.isJoined(message) === true;
  }

  #takeLines(lines: Lines): void {
    while (this.#takeLine(lines)) {
      if (this.#scheduler.mayRun(this)) continue;
      this.#inbox.putBack(lines);
      return;
    }
  }

  takeLine(lines: Lines): boolean {
    try {
      return this.#takeLine(lines);
    } catch (error) {
      this.#host.abort(error);
      return false;
    } finally {
      this.#host.answers.progressed();
    }
  }

  #takeLine(lines: Lines): boolean {
    const { attached } = lines;
    const { lifetime } = this.#host;
    if (!lifetime.over) this.#handle(lines.take(), attached);
    const { isLeft } = lines;
    if (!isLeft) attached?.end();
    return isLeft && !lifetime.over;
  }

  /** @throws ProtocolError, LimitError: the session has to end */
  #handle(message: unknown, attached: Attached | undefined): void {
    const host = this.#host;
    const { limits } = host;
    const own = this.#announcement;
    this.#messageRate?.take(1);
    this.#byteRate?.take(sizeOf(message, limits.maxValues));
    // Most peers send this first. It needn't be parsed.
    if (own && message === own.text) {
      host.announced(own.content);
      return;
    }
    const isText = host.level === "string";
    const checked = isText ? this.#parse(message, limits) : checkMessage(message);
    if (checked[0] === "release") {
      release(host, checked);
      return;
    }
    const budget = new Budget(host, sizeOf(message, limits.maxValues) + (attached?.size ?? 0));
    const { received } = host;
    if (received) {
      budget.carried = received;
      // As long as a call is held, so is its context, and each call may have another one.
      budget.keep(received.bytes);
    }
    HANDLERS[checked[0]](host, checked as never, budget, attached);
    host.decoded();
    if (budget.left < this.#lightLeft || budget.size > HEAVY_MESSAGE) this.#scheduler.wasHeavy();
  }

  holdBack(isHeldBack: boolean): void {
    try {
      if (isHeldBack) this.#transport.pause?.();
      else this.#transport.resume?.();
    } catch (error) {
      this.#host.lifetime.end(new ErrorHook(error), "local");
    }
  }
}
