/** The second argument of Deno's handlers, as far as it tells the client's address. */
interface DenoInfo {
  readonly remoteAddr?: { readonly hostname?: string };
}

/** The address that Cloudflare puts into a request. It replaces one that the client sends. */
export function addressInHeader({ headers }: Request): string | undefined {
  return headers.get("CF-Connecting-IP") ?? undefined;
}

/** The address of a request's client, if the runtime tells it: Deno, and Cloudflare's Workers. */
export function addressHere(request: Request, ...context: unknown[]): string | undefined {
  if ("WebSocketPair" in globalThis) return addressInHeader(request);
  return (context[0] as DenoInfo | undefined)?.remoteAddr?.hostname;
}
