import { EXAMPLES } from "./examples.ts";
import type { Program } from "./program.ts";

const KEY = "code=";
const EXAMPLE = "example=";

/** The hash of an address that holds a program, or the name of the example that it is. */
export function hashOf(program: Program): string {
  const example = EXAMPLES.find(
    ({ server, client }) => server === program.server && client === program.client,
  );
  if (example) return `#${EXAMPLE}${example.name}`;
  const bytes = new TextEncoder().encode(JSON.stringify([program.server, program.client]));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const text = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `#${KEY}${text}`;
}

/** The program that a hash holds; `undefined` for any other hash. */
export function programOf(hash: string): Program | undefined {
  const text = hash.replace(/^#/, "");
  if (text.startsWith(EXAMPLE)) {
    return EXAMPLES.find(({ name }) => name === text.slice(EXAMPLE.length));
  }
  if (!text.startsWith(KEY)) return undefined;
  try {
    const binary = atob(text.slice(KEY.length).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const [server, client] = JSON.parse(new TextDecoder().decode(bytes)) as unknown[];
    if (typeof server !== "string" || typeof client !== "string") return undefined;
    return { server, client };
  } catch {
    return undefined;
  }
}
