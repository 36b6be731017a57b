/**
 * What a client is started with, in any runtime: on the command line or, in a page, after the `#`.
 * Also gives Nodes without a `WebSocket` one.
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
