// Checks which code for contexts of calls is in a bundle, and that it works there.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Bundles a module, and imports the bundle. */
async function bundle(contents: string): Promise<{ code: string; module: any }> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: HERE, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    logLevel: "silent",
  });
  const code = outputFiles[0]!.text;
  const module = await import(
    `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`
  );
  return { code, module };
}

/** Two ends of a connection in memory, for a session of a bundle and a peer of this process. */
const ENDS = `
  export function ends() {
    const make = () => ({
      start(receiver) { this.receiver = receiver; },
      send(message) { queueMicrotask(() => this.peer.receiver.receive(message)); },
      abort() {},
    });
    const [near, far] = [make(), make()];
    near.peer = far;
    far.peer = near;
    return [near, far];
  }
`;

/** A text that only the code for contexts has. */
const OF_CONTEXTS = "gave no result within";

describe("a bundle", () => {
  test("without contexts has no code for them, and doesn't announce them", async () => {
    const { code, module } = await bundle(`export { startSession } from "@capnweb/core"; ${ENDS}`);
    expect(code).not.toContain(OF_CONTEXTS);
    expect(code).not.toContain("traceparent");
    const [near] = module.ends();
    const sent: string[] = [];
    module.startSession({ ...near, send: (message: string) => void sent.push(message) });
    expect(sent.join()).toContain('"calls"');
    expect(sent.join()).not.toContain('"context"');
  });

  test("without contexts says that the session option call needs them", async () => {
    const { module } = await bundle(`export { startSession } from "@capnweb/core"; ${ENDS}`);
    const [near] = module.ends();
    const start = () => module.startSession(near, undefined, { call: { timeout: 5 } });
    expect(start).toThrow("@capnweb/core/call-context");
  });

  test.each([
    ["callOptions", `export { callOptions, startSession } from "@capnweb/core";`],
    ["currentCall", `export { currentCall, startSession } from "@capnweb/core";`],
    [
      "@capnweb/core/call-context",
      `import "@capnweb/core/call-context"; export { startSession } from "@capnweb/core";`,
    ],
    [
      "a server's functions",
      `export { serveSession } from "@capnweb/core/server"; export { startSession } from "@capnweb/core";`,
    ],
  ])("with %s has all of it", async (_name, contents) => {
    const { code, module } = await bundle(`${contents} ${ENDS}`);
    expect(code).toContain(OF_CONTEXTS);
    const [near, far] = module.ends();
    const never = new Promise(() => {});
    module.startSession(far, { hang: () => never });
    const api = module.startSession(near, undefined, { call: { timeout: 5 } });
    await expect(api.hang().then()).rejects.toMatchObject({ code: "DEADLINE" });
  });
});
