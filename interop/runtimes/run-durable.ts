import { durableWith, sealNote, textOf } from "./note.ts";

/**
 * Unseals a token from another runtime, and seals one for it.
 *
 * @param argument the secret, a dot, and the token
 * @returns JSON: the text of the note, the code of the error for a forged token, and another token
 */
export async function runDurable(argument: string): Promise<string> {
  const [secret, token] = argument.split(".") as [string, string];
  const durable = durableWith(secret);
  // The last characters may be the same already, or have bits without a meaning.
  const at = token.length - 10;
  const forged = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
  return JSON.stringify({
    text: await textOf(durable, token),
    forged: await durable.unseal(forged).catch(({ code }) => code),
    token: await sealNote(durable),
  });
}
