import { type Expression, type Message, type MessageTag, ProtocolError } from "@capnweb/wire";
import type { AnnouncementContent, Attached } from "@capnweb/wire/internal";
import type { Budget, BudgetOwner } from "../budget.ts";
import { IMPORT_BYTES } from "../call-context/counts.ts";
import { ErrorHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Answers } from "./answers.ts";
import type { ExportTable } from "./exports.ts";
import type { ImportEntry } from "./import-entry.ts";
import type { Interception } from "./interception.ts";
import type { Lifetime } from "./lifetime.ts";
import type { Negotiation } from "./negotiation.ts";
import type { Outgoing } from "./outgoing.ts";
import type { DecodingSession, SessionDecoder } from "./session-decoder.ts";
import type { UnaskedFailures } from "./unasked-failures.ts";

/** A session, as its messages act on it. */
export interface DispatchTarget extends BudgetOwner, DecodingSession {
  readonly lifetime: Lifetime;
  readonly negotiation: Negotiation;
  readonly outgoing: Outgoing;
  readonly answers: Answers;
  /** Receives each result that the peer may ask for. */
  readonly unasked: UnaskedFailures | undefined;
  /** Told of references that fail; see {@link Interception.broken}. */
  readonly interception: Interception | undefined;
  /** Returns the decoder for a message, which begins with {@link SessionDecoder.begin}. */
  decoder(): SessionDecoder;
  /** Notes that a message was handled, so that its budget needn't be kept for the decoder. */
  decoded(): void;
  /** Notes what the peer announced. */
  announced(announced: AnnouncementContent | undefined): void;
}

/**
 * Carries out a message.
 *
 * @throws ProtocolError, LimitError: the session has to end
 */
type Handler<T extends MessageTag> = (
  session: DispatchTarget,
  message: Extract<Message, readonly [T, ...unknown[]]>,
  budget: Budget,
  attached: Attached | undefined,
) => void;

type Handlers = { readonly [T in Exclude<MessageTag, "release">]: Handler<T> };

/** The work of each message, by its tag. A release sets off none: see {@link release}. */
export const HANDLERS: Handlers = {
  push(session, [, expression], budget, attached) {
    const hook = session.decoder().begin(budget, attached).evaluate(expression);
    const id = session.exports.addForPeer(hook, budget);
    session.unasked?.watch(hook, isCall(expression), id);
  },

  pull(session, [, id], budget) {
    session.answers.answer(id, budget);
  },

  resolve(session, [, id, expression], budget, attached) {
    const { imports, outgoing } = session;
    const entry = imports.get(id);
    const payload = session.decoder().begin(budget, attached, true).decodePayload(expression);
    if (entry?.isResolvable === false) {
      payload.dispose();
      throw new ProtocolError(`not a promise that was asked for: ${id}`);
    }
    // Gone if it was released while its resolution was in flight. Also if the resolution itself
    // introduces it: as its own part, it would hold itself for ever.
    const isGone = !entry || (!payload.isFlat && imports.get(id) !== entry);
    if (isGone) payload.dispose();
    else {
      hold(session, entry, payload, budget);
      outgoing.settleWith(entry, payload);
    }
  },

  reject(session, [, id, expression], budget, attached) {
    const entry = session.imports.get(id);
    if (!entry) {
      if (session.negotiation.isAnnouncement(id))
        session.announced(session.negotiation.read(expression));
      return;
    }
    if (id < 0) session.interception?.broken?.("in");
    const payload = session.decoder().begin(budget, attached).decodePayload(expression);
    hold(session, entry, payload, budget);
    session.outgoing.settle(entry, new ErrorHook(payload.value));
    payload.dispose();
  },

  stream(session, [, expression], budget, attached) {
    // The writer of a large chunk may wait for room, so its answer leaves at once.
    const isWrite = !attached && isWriteOfChunk(expression, session.exports);
    const hook = session.decoder().begin(budget, attached).evaluate(expression);
    session.answers.answerOnce(hook, budget, isWrite);
  },

  pipe(session) {
    const pipe = session.runtime.streams.pipe(session.runtime);
    session.answers.watchStream(session.exports.addPipe(pipe), pipe);
  },

  abort(session, [, expression], budget, attached) {
    const payload = session.decoder().begin(budget, attached).decodePayload(expression);
    session.lifetime.end(new ErrorHook(payload.value), "peer");
    // A reason hands no reference over.
    payload.dispose();
  },
};

/**
 * Carries out a release: the peer gives references up.
 *
 * @throws ProtocolError for more references than it has
 */
export function release(
  { negotiation, exports }: DispatchTarget,
  [, id, references]: Extract<Message, readonly ["release", ...unknown[]]>,
): void {
  if (!negotiation.isAnswer(id, exports)) exports.release(id, references);
}

/**
 * Counts the value, or the error, of something that the peer has sent by reference: it lasts as
 * long as the application, or another message of the peer's, refers to it. Results of calls are the
 * application's, which made the calls.
 *
 * @throws LimitError for more bytes than may be held; the session is then over
 */
function hold(
  { held }: DispatchTarget,
  entry: ImportEntry,
  payload: Payload,
  budget: Budget,
): void {
  if (entry.isCall) return;
  // Not every value says how much text is in it, such as that of an error.
  const size = Math.max(budget.kept, held.sizeOf(payload.value, payload.runtime.table));
  try {
    entry.hold(held, IMPORT_BYTES + size);
  } catch (error) {
    payload.dispose();
    throw error;
  }
}

/** True for a chunk of a stream. Its answer only makes room for others. */
function isWriteOfChunk(expression: Expression, exports: ExportTable): boolean {
  if (!Array.isArray(expression)) return false;
  const [, id, path] = expression;
  return (
    exports.get(id as number)?.isWriter === true && (path as Partial<string[]>)?.[0] === "write"
  );
}

function isCall(expression: Expression): boolean {
  // A reference has a tag, an id and a path. Calls and maps are longer.
  const LONGEST_REFERENCE = 3;
  return Array.isArray(expression) && expression.length > LONGEST_REFERENCE;
}
