/**
 * The argument of a client, in any runtime: from the command line or, in a page, from after the
 * `#`. Also gives a `WebSocket` to versions of Node without one.
 */
export async function argument(): Promise<string> {
  const { process: node, Deno: deno, location } = globalThis as any;
  if (deno !== undefined) return deno.args[0];
  if (node === undefined) return location.hash.slice(1);
  if (globalThis.WebSocket === undefined) {
    const { WebSocket } = await import("ws");
    (globalThis as any).WebSocket = WebSocket;
  }
  return node.argv[2];
}
