import { formatMatrix, type Matrix } from "@capnweb/testkit/conformance";

/** The page of the documentation with the results of all implementations. */
export function formatPage(matrix: Matrix): string {
  return `# Conformance results

This page shows which implementations pass the scenarios of the [conformance kit](conformance.md):
ours in every runtime and over every transport, and every release of the reference (\`capnweb\`).
\`npm run conformance -- --write\` runs all of them and generates it.

- The sessions of MessagePorts and WebTransport run in Node, behind a relay to the kit's WebSocket.
- Bun fails scenarios with a \`Request\`, because its own class has other defaults. As a client,
  workerd fails a scenario with a stream, because its own streams don't pass on the reason of a
  cancellation.
- A release of the reference fails scenarios of features that came later. It passes all of its own
  profile (\`--profile 0.10\`).
- Each implementation has a page with the messages of each scenario, which
  \`npm run conformance -- --reports directory\` writes. [An example](conformance-example.html) shows
  the scenarios of values and errors with \`capnweb\` 0.4 (open the file in a browser).
- "Fails in" names the roles of an implementation, unless all of them fail.
- Ports in other languages aren't on npm, so they aren't here yet. To add yours, send its JSON
  report (\`--report json=file\`).

${formatMatrix(matrix, "markdown")}`;
}
