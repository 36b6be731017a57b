import { readFileSync } from "node:fs";
import { LIMIT_PROFILES } from "@capnweb/core";
import { describe, expect, test } from "vitest";
import { OUTLIVING } from "../limits/outliving.ts";
import { type Figures, page } from "../limits/page.ts";
import { LIMITS, OPTIONS } from "../limits/settings.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");

/** Options that aren't limits. */
const NO_SETTINGS = new Set([
  "path",
  "host",
  "headers",
  "http3",
  "announce",
  "call",
  "onSession",
  "onMessage",
  "onLostError",
  "interceptors",
  "releaseForgotten",
  "streamCalls",
  "limits",
  "errorProperties",
  "types",
  // Options of transports alone. Sessions derive them from `limits` and `openTimeout`.
  "maxMessageBytes",
  "maxProcessHeldBytes",
  "firstBytesTimeout",
  "isSole",
  "epoch",
  "clock",
  "encodingLevel",
  "isBinary",
  "signal",
  "retryAfter",
  "countTraffic",
  "onOpen",
  "onEnd",
  "resume",
  "reason",
  "filter",
  "store",
  "now",
  // The application's choice for each token.
  "expiresIn",
  "createMain",
  "retry",
  "random",
]);

/** The names of the options in a source file's interfaces. */
function optionsIn(file: string, interfaces: readonly string[]): string[] {
  const source = read(`packages/${file}`);
  return interfaces.flatMap((name) => {
    const body = new RegExp(`interface ${name}\\b[^]*?\\{\\n([^]*?)\\n\\}`).exec(source)?.[1];
    if (!body) throw new Error(`${file} has no interface ${name}.`);
    return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\?:/gm)].map((match) => match[1]!);
  });
}

describe("docs/limits.md", () => {
  test("lists every limit, with its defaults", () => {
    const names = LIMITS.map(({ name }) => name);
    expect(names.sort()).toEqual(
      Object.keys(LIMIT_PROFILES.server)
        .map((name) => `limits.${name}`)
        .sort(),
    );
  });

  test.each([
    ["core/src/session/options.ts", ["RpcSessionOptions"]],
    ["core/src/server/access.ts", ["AccessOptions"]],
    ["core/src/server/admission.ts", ["AdmissionOptions"]],
    ["transport-ws/src/node/options.ts", ["UpgradeOptions", "AttachOptions"]],
    ["transport-ws/src/liveness.ts", ["LivenessOptions"]],
    ["transport-ws/src/push-transport.ts", ["WebSocketOptions"]],
    ["transport-http/src/settings.ts", ["HttpExchangeOptions"]],
    ["transport-ws/src/request-handler.ts", ["HostedWebSocketOptions", "WebSocketHandlerOptions"]],
    ["resume/src/options.ts", ["BufferOptions", "ResumeOptions"]],
    ["resume/src/accepted.ts", ["ResumeAcceptorOptions"]],
    ["host/src/host-options.ts", ["HostOptions"]],
    ["host/src/drain.ts", ["DrainOptions"]],
    ["host/src/broadcast.ts", ["BroadcastOptions"]],
    ["durable/src/options.ts", ["DurableOptions"]],
    ["reconnect/src/options.ts", ["ConnectOptions"]],
    ["transport-webtransport/src/options.ts", ["ByteStreamOptions"]],
    ["transport-webtransport/src/node/serve-options.ts", ["ListenOptions", "ServeOptions"]],
  ])("lists every option of %s", (file, interfaces) => {
    const names = [...OPTIONS, ...OUTLIVING].map(({ name }) => name.replace("resume.", ""));
    const options = optionsIn(file, interfaces);
    expect(options).not.toEqual([]);
    expect(options.filter((name) => !NO_SETTINGS.has(name) && !names.includes(name))).toEqual([]);
  });

  test("is up to date with settings and defaults: npm run limits -- --write", () => {
    const figures = JSON.parse(read("interop/limits/figures.json")) as Figures;
    // The formatter aligns tables.
    const unaligned = (text: string) => text.replace(/ *\| */g, "|").replace(/-{3,}/g, "---");
    expect(unaligned(read("docs/limits.md"))).toBe(unaligned(page(figures)));
  });

  test("agrees with SECURITY.md on the most important limits", () => {
    const { server } = LIMIT_PROFILES;
    const security = read("SECURITY.md");
    for (const name of ["maxHeldBytes", "maxProcessHeldBytes", "maxMessageSize"] as const) {
      expect(security).toMatch(
        new RegExp(`limits\\.${name}\`[^|]*\\| +${server[name] / 2 ** 20} Mi `),
      );
    }
    expect(security).toContain(server.maxPendingCalls.toLocaleString("en-US"));
  });
});
