import { MessageSyntaxError } from "./errors.ts";

/**
 * Parses JSON text.
 *
 * @throws MessageSyntaxError with the engine's own message where it isn't any
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Without its cause, which would travel along and says nothing more.
    throw new MessageSyntaxError((error as Error).message);
  }
}
