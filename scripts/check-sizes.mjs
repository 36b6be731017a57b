// Measures the size that each package adds to a web page: all its exports, bundled with its
// dependencies, minified and gzipped. Fails if a size is over its budget. `--write` puts the sizes
// into docs, beside those of the reference's bundles, with the parts of a client.
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./packages.mjs";

const CLIENT = `export { newWebSocketRpcSession } from "./packages/transport-ws/src/index.ts";
                export { RpcStub, RpcPromise, RpcTarget } from "./packages/core/src/index.ts";`;

/** The components of `@capnweb/core/modular`, and what each adds to a client. */
const COMPONENTS = {
  streams: "`ReadableStream`, `WritableStream`",
  maps: "`map()`",
  fetchValues: "`Blob`, `Headers`, `Request`, `Response`; contains `streams`",
  extensions: "fewer messages, joined frames, bytes as bytes, errors by class and `code`",
  documents: "plain JSON and lists of records as documents; contains `extensions`",
  forgottenStubs: "release of stubs that the program has forgotten",
  memoryLimits: "`maxHeldBytes`, `maxProcessHeldBytes`",
  quickMessages: "short messages read in a quarter of the time",
  placesInErrors: "errors that say where a value that can't be sent is",
};

/** A WebSocket client of components. */
const modular = (...components) => `
  import { WebSocketPushTransport } from "./packages/transport-ws/src/index.ts";
  import { ${["createRpc", ...components].join()} } from "./packages/core/src/modular/index.ts";
  export { RpcTarget } from "./packages/core/src/modular/index.ts";
  const rpc = createRpc(${components.join()});
  export const connect = (url) =>
    rpc.startSession(new WebSocketPushTransport(new WebSocket(url)));`;

/** Budgets in bytes. kB are 1,000 bytes. */
const BUDGETS = [
  { name: "wire", budget: 15_500, code: `export * from "./packages/wire/src/index.ts";` },
  {
    name: "core (with wire)",
    budget: 54_300,
    code: `export * from "./packages/core/src/index.ts";`,
  },
  {
    name: "a WebSocket client (wire, core, transport-ws)",
    budget: 44_000,
    code: CLIENT,
    reference: `export { newWebSocketRpcSession, RpcStub, RpcPromise, RpcTarget } from "capnweb";`,
  },
  {
    name: "a modular client: calls, callbacks, pipelining",
    budget: 33_800,
    code: modular(),
  },
  {
    name: "a modular client with streams",
    budget: 36_400,
    code: modular("streams"),
  },
  {
    name: "a modular client with streams, `map()`, values of `fetch`, extensions",
    budget: 40_200,
    code: modular("streams", "maps", "fetchValues", "extensions"),
  },
  {
    name: "an HTTP batch client (wire, core, transport-http)",
    budget: 43_900,
    code: `export { newHttpBatchRpcSession } from "./packages/transport-http/src/index.ts";`,
  },
  {
    name: "a MessagePort client (wire, core, transport-messageport)",
    budget: 41_900,
    code: `export { newMessagePortRpcSession } from "./packages/transport-messageport/src/index.ts";`,
  },
  {
    name: "a WebTransport client (wire, core, transport-webtransport)",
    budget: 45_200,
    code: `export { newWebTransportRpcSession } from "./packages/transport-webtransport/src/index.ts";`,
  },
  {
    name: "durable (with wire, core)",
    budget: 33_500,
    code: `export * from "./packages/durable/src/index.ts";`,
  },
  {
    name: "durable/client",
    budget: 600,
    code: `export * from "./packages/durable/src/client/index.ts";`,
  },
  {
    name: "observe (with wire, core)",
    budget: 29_100,
    code: `export * from "./packages/observe/src/index.ts";`,
  },
  {
    name: "a WebSocket client that is observed (wire, core, transport-ws, observe)",
    budget: 57_100,
    code: `${CLIENT} export { channels, observe } from "./packages/observe/src/index.ts";`,
  },
  {
    name: "plan (with wire, core)",
    budget: 60_200,
    code: `export * from "./packages/plan/src/index.ts";`,
  },
  {
    name: "a client with plans (wire, core, transport-ws, plan)",
    budget: 54_700,
    code: `${CLIENT} export { plan } from "./packages/plan/src/index.ts";`,
  },
  {
    name: "plan/batched (with wire, core)",
    budget: 37_000,
    code: `export * from "./packages/plan/src/batched/index.ts";`,
  },
  {
    name: "resume",
    budget: 11_100,
    code: `export * from "./packages/resume/src/index.ts";`,
  },
  {
    name: "a WebSocket client that resumes (wire, core, transport-ws, resume)",
    budget: 50_500,
    code: `${CLIENT} export { ResumingTransport } from "./packages/resume/src/index.ts";`,
  },
  {
    name: "a WebSocket client that reconnects (wire, core, transport-ws, reconnect)",
    budget: 66_300,
    code: `export { connect } from "./packages/reconnect/src/index.ts";
           export { webSocketTransport } from "./packages/transport-ws/src/index.ts";
           export { RpcStub, RpcPromise, RpcTarget } from "./packages/core/src/index.ts";`,
  },
  {
    name: "compat",
    budget: 62_300,
    code: `export * from "./packages/compat/src/index.ts";`,
    reference: `export * from "capnweb";`,
  },
];

/** The purposes of files. The first pattern that fits counts. */
const PARTS = [
  {
    name: "values: numbers, dates, bytes, errors, URLs",
    files: /wire\/src\/(value-types\/(?!fetch|blob|headers)|base64)/,
  },
  {
    name: "values of `fetch`: Blob, Headers, Request, Response",
    files: /wire\/src\/value-types/,
    isFeature: true,
  },
  {
    name: "documents: plain JSON and lists of records in fewer bytes",
    files: /wire\/src\/documents/,
    isFeature: true,
  },
  {
    name: "encoding, decoding, messages, limits, errors",
    files: /wire\/src\/(?!framing|extensions)/,
  },
  {
    name: "extensions: fewer messages, joined frames, bytes as bytes",
    files: /framing|extensions|session\/(features|outbox|message-)/,
    isFeature: true,
  },
  { name: "streams", files: /core\/src\/(stream|value-types\/streams)/, isFeature: true },
  { name: "`map()`", files: /core\/src\/map/, isFeature: true },
  { name: "stubs and promises, ownership, delivery", files: /core\/src\/(?!session)/ },
  { name: "sessions", files: /core\/src\/session/ },
  { name: "WebSockets", files: /transport-ws/ },
];

const TABLE = join(root, "docs", "sizes.md");

const sizes = [];
let over = 0;
for (const { name, budget, code, reference } of BUDGETS) {
  const size = gzipped(await bundle(code));
  if (size > budget) over++;
  sizes.push({ name, size, budget, reference });
  console.log(`${size > budget ? "OVER" : "ok  "} ${name}: ${size} of ${budget} bytes`);
}

if (process.argv.includes("--write")) {
  writeFileSync(TABLE, await page());
} else if (isStale(readFileSync(TABLE, "utf8"))) {
  console.error("docs/sizes.md is out of date: run `npm run check:sizes -- --write`.");
  process.exitCode = 1;
}
if (over > 0) process.exitCode = 1;

/** True if a figure in the table is off by more than 2 %. Compressors differ a little. */
function isStale(table) {
  return sizes.some(({ name, size }) => {
    const written = new RegExp(`^\\| ${name.replace(/[()]/g, "\\$&")} \\| (\\d+) `, "m").exec(
      table,
    );
    return written === null || Math.abs(Number(written[1]) / size - 1) > 0.02;
  });
}

async function bundle(code, options = {}) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
    ...options,
  });
  return outputFiles[0].text;
}

function gzipped(text) {
  return gzipSync(text, { level: 9 }).length;
}

/** The size of the same code with the reference. */
async function referenceSize(code) {
  const text = await bundle(code, {
    stdin: { contents: code, resolveDir: join(root, "interop") },
    external: ["cloudflare:workers"],
  });
  return gzipped(text);
}

/** The decrease in the client's size without each part, and its size without all features. */
async function shares() {
  const mark = {
    name: "mark",
    setup({ onLoad }) {
      onLoad({ filter: /packages.*\.ts$/ }, ({ path }) => ({
        contents: `${readFileSync(path, "utf8")}\n;mark("${relative(root, path)}");`,
        loader: "ts",
      }));
    },
  };
  const text = await bundle(CLIENT, { plugins: [mark] });
  // Alternates between a file's code and its name, and ends with the exports.
  const pieces = text.split(/mark\("(.*?)"\);?/);
  const partOf = (file) => PARTS.find(({ files }) => files.test(file));
  const without = (isLeftOut) =>
    gzipped(pieces.filter((_, i) => i % 2 === 0 && !isLeftOut(partOf(pieces[i + 1]))).join(""));
  const whole = without(() => false);
  return {
    parts: PARTS.map((part) => ({
      name: part.name,
      size: whole - without((each) => each === part),
    })),
    core: without((part) => part?.isFeature),
  };
}

/** The bytes that each component adds to a client without any. */
async function additions() {
  const none = gzipped(await bundle(modular()));
  const rows = [];
  for (const [name, content] of Object.entries(COMPONENTS)) {
    const size = gzipped(await bundle(modular(name)));
    rows.push(`| \`${name}\` | ${content} | ${size - none} |`);
  }
  return rows;
}

async function page() {
  const rows = [];
  for (const { name, size, budget, reference } of sizes) {
    const other = reference === undefined ? "" : await referenceSize(reference);
    rows.push(`| ${name} | ${size} | ${budget} | ${other} |`);
  }
  const { parts, core } = await shares();
  return `# Sizes

This page lists the bytes that each package adds to a web page, for authors who choose packages.
Bundles are minified with esbuild and gzipped. \`npm run check:sizes\` measures them and enforces the
budgets. The reference is \`capnweb\`, bundled the same way.

| bundle | size | budget | reference |
|---|---|---|---|
${rows.join("\n")}

## Parts of a WebSocket client

The figure of a part is the number of bytes that the bundle would lose without it. The sum is less
than the whole bundle, because similar parts compress better together.

| part | bytes |
|---|---|
${parts.map(({ name, size }) => `| ${name} | ${size} |`).join("\n")}

Without streams, \`map()\`, the values of \`fetch\`, documents and the extensions, the client would have
${core} bytes.

## Small clients

\`createRpc()\` of \`@capnweb/core/modular\` puts a client together of the components that it gets.
Without any, it has calls, callbacks, pipelining, plain data, and all limits but those of memory. It
sends the messages of \`capnweb\`. Register \`memoryLimits\` if you don't trust the server.

| component | content | bytes |
|---|---|---|
${(await additions()).join("\n")}

\`\`\`ts
import { createRpc, streams } from "@capnweb/core/modular";
import { WebSocketPushTransport } from "@capnweb/transport-ws";

interface Api {
  greet(name: string): string;
}

const rpc = createRpc(streams);
using api = rpc.startSession<Api>(
  new WebSocketPushTransport(new WebSocket("wss://example.com/api")),
);
\`\`\`

- A value or call that needs another component fails alone, in either direction. Its error has the
  code [\`MISSING_COMPONENT\`](errors/MISSING_COMPONENT.md), and names the import.
- \`startSession()\` takes the same options, and any push-style transport, as that of \`@capnweb/core\`.
- Stubs and targets of both entries are instances of the same classes. A program that imports
  \`RpcStub\`, \`RpcSession\` or \`callOptions\` from \`@capnweb/core\`, or a function that starts sessions
  from a transport package, contains all components.
`;
}
