import { idAt, idEnd, isAt, lineEnd, plainLineEnd } from "./message-bytes.ts";
import { LONGEST_CALL, RESOLVE, STREAM } from "./quick-fold.ts";
import type { SessionState } from "./session-state.ts";
import type { SideTables } from "./tables.ts";

/*
 * A recorder folds each frame that it drops. The frames of a busy session have a hundred streamed
 * calls on the main object, or a hundred answers. To read their messages as texts takes half as
 * long as the calls themselves (npm run bench:inspector). This file looks at their bytes.
 */

const STREAM_BYTES = new TextEncoder().encode(STREAM);
const RESOLVE_BYTES = new TextEncoder().encode(RESOLVE);
/** A value behind an id that has no references, because it is ordinary JSON. */
const JSON_BYTES = new TextEncoder().encode(',["json",');

/** The place of a frame's text in UTF-8. The bytes stay until {@link SessionState.settle}. */
export interface StoredText {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Notes the messages at the start of a frame that are streamed calls without references, or answers
 * to such calls.
 *
 * @param from the tables of the frame's sender
 * @returns the start of the first message that wasn't noted; past the end of the text if all were
 */
export function foldFrame(
  model: SessionState,
  from: SideTables,
  text: StoredText,
  at: number,
): number {
  const { bytes, start } = text;
  if (isAt(bytes, start, STREAM_BYTES)) return foldCalls(model, from, text, at);
  const peer = model.peerOf(from);
  return model.runs[peer.side].isEmpty ? start : foldAnswers(model, peer, text);
}

function foldCalls(model: SessionState, from: SideTables, text: StoredText, at: number): number {
  const { bytes, start, end } = text;
  let next = start;
  let count = 0;
  while (next < end && isAt(bytes, next, STREAM_BYTES)) {
    const over = plainLineEnd(bytes, next + STREAM_BYTES.length, end);
    if (over < 0 || over - next > LONGEST_CALL) break;
    next = over + 1;
    count++;
  }
  if (count === 0) return start;
  model.info.messages += count;
  model.runs[from.side].add(from, bytes, start, next - 1, count, at);
  model.store.unsettled.add(model);
  return next;
}

function foldAnswers(model: SessionState, peer: SideTables, { bytes, start, end }: StoredText) {
  const runs = model.runs[peer.side];
  let next = start;
  let count = 0;
  while (next < end && isAt(bytes, next, RESOLVE_BYTES)) {
    const id = next + RESOLVE_BYTES.length;
    const value = idEnd(bytes, id);
    const over = isAt(bytes, value, JSON_BYTES)
      ? lineEnd(bytes, value, end)
      : plainLineEnd(bytes, value, end);
    if (over < 0 || !runs.answer(peer, idAt(bytes, id))) break;
    next = over + 1;
    count++;
  }
  model.info.messages += count;
  return next;
}
