/** The begin of the message that an export has failed. Exports have negative ids. */
const REJECTION = '["reject",-';

const J = 0x6a;

/** The same, in a frame that joins several messages. Text has no other newlines. */
const LATER_REJECTION = `\n${REJECTION}`;

/**
 * True if a frame says that something passed by reference has failed. Frames aren't parsed for
 * this, so spaces between the parts of a message hide one.
 */
export function isRejection(frame: unknown): boolean {
  if (typeof frame === "string") {
    // Few frames have the letter "j" there, or a newline.
    if (frame.charCodeAt(4) === J && frame.startsWith(REJECTION)) return true;
    return frame.includes("\n") && frame.includes(LATER_REJECTION);
  }
  if (!Array.isArray(frame)) return false;
  const [tag, id] = frame as unknown[];
  return tag === "reject" && typeof id === "number" && id < 0;
}
