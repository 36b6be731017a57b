// Measures what each package adds to a web page: everything it exports, bundled with what it depends
// on, minified and gzipped. Fails where one is over its budget; `--write` puts the table into docs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./packages.mjs";

/** Budgets in bytes. kB are 1,000 bytes. */
const BUDGETS = [
  { name: "wire", budget: 6_600, code: `export * from "./packages/wire/src/index.ts";` },
  {
    name: "core (with wire)",
    budget: 17_500,
    code: `export * from "./packages/core/src/index.ts";`,
  },
  {
    name: "a WebSocket client (wire, core, transport-ws)",
    budget: 18_000,
    code: `export { newWebSocketRpcSession } from "./packages/transport-ws/src/index.ts";
           export { RpcStub, RpcPromise, RpcTarget } from "./packages/core/src/index.ts";`,
  },
  {
    name: "an HTTP batch client (wire, core, transport-http)",
    budget: 18_000,
    code: `export { newHttpBatchRpcSession } from "./packages/transport-http/src/index.ts";`,
  },
  {
    name: "a MessagePort client (wire, core, transport-messageport)",
    budget: 17_400,
    code: `export { newMessagePortRpcSession } from "./packages/transport-messageport/src/index.ts";`,
  },
  {
    name: "a WebTransport client (wire, core, transport-webtransport)",
    budget: 20_000,
    code: `export { newWebTransportRpcSession } from "./packages/transport-webtransport/src/index.ts";`,
  },
  { name: "compat", budget: 21_200, code: `export * from "./packages/compat/src/index.ts";` },
];

const TABLE = join(root, "docs", "sizes.md");

const sizes = [];
let over = 0;
for (const { name, budget, code } of BUDGETS) {
  const size = await measure(code);
  if (size > budget) over++;
  sizes.push({ name, size, budget });
  console.log(`${size > budget ? "OVER" : "ok  "} ${name}: ${size} of ${budget} bytes`);
}

if (process.argv.includes("--write")) {
  writeFileSync(TABLE, page());
} else if (isStale(readFileSync(TABLE, "utf8"))) {
  console.error("docs/sizes.md is out of date: run `npm run check:sizes -- --write`.");
  process.exitCode = 1;
}
if (over > 0) process.exitCode = 1;

/** Whether a figure in the table is off by more than 2 %; compressors differ a little. */
function isStale(table) {
  return sizes.some(({ name, size }) => {
    const written = new RegExp(`^\\| ${name.replace(/[()]/g, "\\$&")} \\| (\\d+) `, "m").exec(
      table,
    );
    return written === null || Math.abs(Number(written[1]) / size - 1) > 0.02;
  });
}

async function measure(code) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

function page() {
  return `# Sizes

Bytes, bundled and minified with esbuild and gzipped. Measured and kept within the budgets by
\`npm run check:sizes\`.

| bundle | size | budget |
|---|---|---|
${sizes.map(({ name, size, budget }) => `| ${name} | ${size} | ${budget} |`).join("\n")}
`;
}
