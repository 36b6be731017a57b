/** A page in the sidebar, by its path in the repository. */
export interface Entry {
  readonly text: string;
  readonly path: string;
}

/** All pages of a folder, by their titles, below the page that introduces them. */
export interface Folder {
  readonly folder: string;
}

/** A group of the sidebar. */
export interface Group {
  readonly text: string;
  readonly entries: readonly (Entry | Folder)[];
}

/** The page at the site's root. */
export const HOME = "docs/index.md";

const doc = (text: string, name: string): Entry => ({ text, path: `docs/${name}.md` });
const readme = (name: string): Entry => ({
  text: name,
  path: `packages/${name}/README.md`,
});

/**
 * Every page of the site. `npm run docs:check` fails for a page that isn't here, and for an entry
 * without a page.
 */
export const NAVIGATION: readonly Group[] = [
  {
    text: "Start",
    entries: [
      doc("Five minutes", "start"),
      doc("Playground", "playground"),
      doc("Examples", "examples"),
      doc("Comparison", "comparison"),
    ],
  },
  {
    text: "Guide",
    entries: [
      doc("Overview", "guide"),
      doc("Concepts", "guide/concepts"),
      doc("Ownership", "guide/ownership"),
      doc("Pipelining", "guide/pipelining"),
      doc("map()", "guide/map"),
      doc("Streams", "guide/streams"),
      doc("Errors", "guide/errors"),
      doc("Calls and cancellation", "calls"),
      doc("Reconnecting", "reconnect"),
      doc("Extending", "guide/extending"),
      doc("Security", "guide/security"),
      doc("Testing", "guide/testing"),
      doc("Deploying", "guide/deploying"),
    ],
  },
  {
    text: "Recipes",
    entries: [
      doc("Authentication", "recipes/authentication"),
      doc("Validation", "recipes/validation"),
      doc("Uploads", "recipes/uploads"),
      doc("Pagination", "recipes/pagination"),
      doc("Live queries", "recipes/live-queries"),
      doc("Subscriptions", "recipes/subscriptions"),
      doc("Presence", "recipes/presence"),
      doc("Files", "recipes/files"),
      doc("Databases", "recipes/databases"),
    ],
  },
  {
    text: "In depth",
    entries: [
      doc("Interceptors", "interceptors"),
      doc("Plans", "plans"),
      doc("Batched functions", "batched"),
      doc("Durable capabilities", "durable"),
      doc("Sessions that resume", "resume"),
      doc("WebTransport", "webtransport"),
    ],
  },
  {
    text: "Platforms",
    entries: [
      doc("Frameworks", "frameworks"),
      doc("Package settings", "packages"),
      doc("Runtimes", "runtimes"),
    ],
  },
  {
    text: "Operations",
    entries: [
      doc("Servers", "host"),
      doc("Traces, metrics and logs", "observe"),
      doc("Inspector", "inspector"),
      doc("Limits", "limits"),
      doc("Load and soak", "load"),
      doc("Attacks", "attacks"),
      doc("Threat model", "threat-model"),
      { text: "Security policy", path: "SECURITY.md" },
    ],
  },
  {
    text: "Errors",
    entries: [doc("All errors", "errors"), { folder: "docs/errors/" }],
  },
  {
    text: "Coming from",
    entries: [
      doc("capnweb", "from/capnweb"),
      doc("tRPC", "from/trpc"),
      doc("oRPC", "from/orpc"),
      doc("socket.io", "from/socket-io"),
      doc("Comlink", "from/comlink"),
      doc("gRPC-web", "from/grpc-web"),
      doc("Differences from capnweb", "differences"),
      doc("Interoperability", "interop"),
    ],
  },
  {
    text: "Protocol",
    entries: [
      doc("Messages", "protocol"),
      doc("Framing", "framing"),
      doc("Conformance", "conformance"),
      doc("Conformance results", "conformance-results"),
    ],
  },
  {
    text: "Speed and size",
    entries: [
      doc("Benchmarks", "benchmarks"),
      doc("Method", "performance"),
      doc("Costs of a session", "costs"),
      doc("Sizes", "sizes"),
    ],
  },
  {
    text: "Packages",
    entries: [
      readme("core"),
      readme("transport-ws"),
      readme("transport-http"),
      readme("transport-messageport"),
      readme("transport-webtransport"),
      readme("host"),
      readme("resume"),
      readme("durable"),
      readme("reconnect"),
      readme("observe"),
      readme("plan"),
      readme("react"),
      readme("testkit"),
      readme("inspector"),
      readme("wire"),
      readme("compat"),
    ],
  },
  {
    text: "Development",
    entries: [
      { text: "Architecture", path: "ARCHITECTURE.md" },
      { text: "Contributing", path: "CONTRIBUTING.md" },
    ],
  },
];
