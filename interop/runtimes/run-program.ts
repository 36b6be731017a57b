import { newHttpBatchRpcSession, newWebSocketRpcSession } from "@capnweb/compat";
import type { Api } from "./api.ts";

/**
 * Runs a program against the server at an address. The same code runs in each runtime.
 *
 * @returns the program's observations
 */
export async function runProgram(address: string): Promise<string> {
  const results: Record<string, unknown> = {};
  const api = newWebSocketRpcSession<Api>(`ws://${address}/`) as any;
  results["call"] = await api.add(1, 2);
  results["callback"] = await api.call((value: number) => value * 2, 20);
  results["map"] = [...(await api.list().map((n: any) => api.add(n, 1)))];
  results["error"] = await api.fail().catch((error: Error) => `${error.name}: ${error.message}`);

  const reader = (await api.stream(20, 50_000)).getReader();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
  }
  results["stream down"] = size;
  let left = 20;
  results["stream up"] = await api.sizeOf(
    new ReadableStream({
      pull(controller) {
        if (left-- === 0) controller.close();
        else controller.enqueue(new Uint8Array(50_000));
      },
    }),
  );

  const value = { when: new Date(5), big: 5n, bytes: new Uint16Array([1, 2]), none: undefined };
  const back = await api.echo(value);
  results["values"] = [back.when.getTime(), String(back.big), [...back.bytes], "none" in back];
  const blob = await api.echo(new Blob(["text"], { type: "text/x" }));
  results["blob"] = await blob.text();
  const response = await api.echo(new Response("body", { status: 201 }));
  results["response"] = [response.status, await response.text()];
  api[Symbol.dispose]();

  const batch = newHttpBatchRpcSession<Api>(`http://${address}/`) as any;
  results["batch"] = await Promise.all([batch.add(batch.add(1, 2), 3), batch.add(4, 5)]);
  return JSON.stringify(results);
}
