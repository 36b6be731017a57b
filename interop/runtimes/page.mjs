// The results, as a page of the documentation.

/** @param results the results that `run.mjs` found */
export function page({ pairs, servers, clients }) {
  const clientNames = [...new Set(pairs.map(({ client }) => client))];
  const serverNames = [...new Set(pairs.map(({ server }) => server))];
  const cell = (server, client) =>
    pairs.find((each) => each.server === server && each.client === client)?.failure === undefined
      ? "passes"
      : "fails";
  return `# Runtimes

This page shows which runtimes pass the conformance scenarios, and which pairs of runtimes work
together. \`npm run test:runtimes -- --write\` generates it, and fails if anything here doesn't pass.

## Conformance

Scenarios of \`@capnweb/testkit\` that pass, out of those that apply. Each runtime is the server over
WebSocket and HTTP batch, and the client over WebSocket.

Two kinds of scenarios aren't counted, because classes of the runtime behave differently. Requests
that Bun makes have other defaults, and streams in workerd don't pass on the reason of a
cancellation.

| runtime | server, WebSocket | server, HTTP batch | client |
|---|---|---|---|
${[...new Set([...servers, ...clients].map(({ runtime }) => runtime))]
  .map((runtime) => {
    const server = servers.find((each) => each.runtime === runtime);
    const client = clients.find((each) => each.runtime === runtime);
    return `| ${runtime} | ${server?.webSocket ?? "–"} | ${server?.batch ?? "–"} | ${client?.passed ?? "–"} |`;
  })
  .join("\n")}

Each of them, and Chromium, also unseals a token of \`@capnweb/durable\` that another runtime has
sealed. Node from version 22, Bun and Deno keep revocations in a file with an SQLite of their own.

Each server also passes the checks of [hosts](host.md): decisions and refusals over WebSockets and
batches, limits, sessions that are resumed, and drains. In Workers, sessions can't be resumed or
drained ([Servers](host.md#servers)).

## With each other

The same programs run with each runtime as the client and each as the server. One, over a WebSocket
session and an HTTP batch, uses calls, callbacks, maps, errors, streams in both directions, values,
blobs and responses. The other loses its connection twice, and comes back with
\`@capnweb/reconnect\`.

| server | ${clientNames.map((client) => `client: ${client}`).join(" | ")} |
|---|${clientNames.map(() => "---|").join("")}
${serverNames
  .map(
    (server) => `| ${server} | ${clientNames.map((client) => cell(server, client)).join(" | ")} |`,
  )
  .join("\n")}
`;
}
