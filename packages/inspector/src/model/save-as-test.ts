import { formatTranscript, type Line, type Transcript } from "@capnweb/testkit";
import { MessageReader, withoutDocuments } from "@capnweb/wire";
import { withParts } from "@capnweb/wire/internal";
import type { Entry } from "../recording/entry.ts";
import { PlainProtocol } from "./plain-protocol.ts";

/** A session as a transcript that replays. */
export interface SavedTest {
  /** The transcript, in the file format of `@capnweb/testkit`. */
  readonly text: string;
  readonly transcript: Transcript;
  /** The reasons for which it may not replay. Empty if there are none. */
  readonly gaps: readonly string[];
}

/**
 * Makes a testkit transcript of a recorded session. Its messages are those of the published
 * protocol without extensions: announcements are left out, joined messages split, bytes are in the
 * text, documents are ordinary expressions, and each call has a message of its own that asks for
 * its result.
 *
 * @param entries the entries of a recording; those of other sessions are left out
 * @param name the transcript's name
 */
export function testOf(entries: Iterable<Entry>, session: number, name: string): SavedTest {
  const readers = { client: new MessageReader(), server: new MessageReader() };
  const plain = new PlainProtocol();
  const lines: Line[] = [];
  const gaps = new Set<string>();
  let isFromStart = false;
  for (const entry of entries) {
    if (entry.session !== session) continue;
    if (entry.kind === "open") isFromStart = true;
    if (entry.kind !== "frame") continue;
    const { from, frame, size } = entry;
    if (size !== undefined) gaps.add("A message was too long to be kept whole.");
    try {
      for (const { message, bytes, announcement } of readers[from].read(frame)) {
        if (announcement) continue;
        const whole = bytes.length > 0 ? withBytes(message, bytes) : message;
        for (const said of plain.rewrite(from, whole.map(withoutDocuments))) {
          const last = lines.findLastIndex((line) => line.from !== said.from);
          lines.push({ from: said.from, after: last + 1, text: JSON.stringify(said.message) });
        }
      }
    } catch (error) {
      gaps.add(`A message of the ${from} couldn't be read: ${(error as Error).message}`);
      break;
    }
  }
  if (!isFromStart) gaps.add("The beginning of the session was dropped.");
  if (lines.length === 0) gaps.add("The session has no messages.");
  // After it, the kit calls nothing of the application that conformance runs are for.
  const after = lines.findLastIndex(({ from }) => from === "server") + 1;
  lines.push({ from: "client", after, text: undefined, end: "The recording is over." });
  const transcript: Transcript = {
    id: "INS-001",
    name,
    features: ["values"],
    since: "0.1",
    section: "messages",
    client: { raw: true },
    // The application is the one that the test's server has.
    server: { application: true },
    batch: false,
    ownWording: false,
    notes: [],
    lines,
  };
  return { text: formatTranscript(transcript), transcript, gaps: [...gaps] };
}

/** Puts bytes that came beside a message into it. */
function withBytes(message: readonly unknown[], bytes: readonly Uint8Array[]): unknown[] {
  let next = 0;
  const put = (value: unknown): unknown => {
    const [tag, length, ...rest] = Array.isArray(value) ? (value as unknown[]) : [];
    const own = bytes[next];
    if (tag !== "bytes" || own?.length !== length) return withParts(value, put);
    next++;
    let binary = "";
    for (const byte of own!) binary += String.fromCharCode(byte);
    return [tag, btoa(binary).replace(/=+$/, ""), ...rest];
  };
  return message.map(put);
}
