/**
 * The only file that knows the inside of `@fails-components/webtransport` (1.6). The library's own
 * types lack the parts used here, so these types are ours.
 */
import type { EventEmitter } from "node:events";
import type {
  ClientHttp2Session,
  Http2SecureServer,
  Http2Stream,
  ServerHttp2Stream,
} from "node:http2";
import { NoWebTransportError } from "../errors.ts";
import type { AcceptedWebTransportLike, CertificateHash, WebTransportLike } from "../shapes.ts";

/** The library, loaded. */
export interface Library {
  /** True if the native package for HTTP/3 is installed, and works. */
  readonly hasHttp3: boolean;
  readonly Http2Server: new (options: LibraryServerOptions) => LibraryServer;
  readonly Http3Server: new (options: LibraryServerOptions) => LibraryServer;
  readonly WebTransport: new (
    url: string,
    options: {
      forceReliable?: true;
      serverCertificateHashes?: CertificateHash[];
    },
  ) => LibraryClient;
}

export interface LibraryServerOptions {
  readonly port: number;
  readonly host: string;
  readonly secret: string;
  readonly cert: string;
  readonly privKey: string;
  readonly initialBidirectionalStreams?: number;
  readonly initialUnidirectionalStreams?: number;
  /** Most bytes of a stream that may be in flight or unread. */
  readonly streamFlowControlWindowSizeLimit?: number;
  /** Most bytes of a session that may be in flight or unread. */
  readonly sessionFlowControlWindowSizeLimit?: number;
}

/** The facts about a request that a server is told. */
export interface LibraryRequestEvent {
  readonly header: LibraryRequest["header"];
  /** The client's address and port. */
  readonly peerAddress?: string | undefined;
  /** The stream that the request came on, over HTTP/2. */
  readonly session?: unknown;
}

/** A request for a session. The names of pseudo-headers begin with a colon. */
export interface LibraryRequest {
  readonly header: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * The answer to a request. One with status 200 becomes a session in the session stream of the path.
 */
export interface LibraryAnswer {
  readonly status: number;
  readonly path?: string;
  readonly userData?: object;
  /** The reason for refusing the request. */
  readonly reason?: string | undefined;
}

export interface LibraryServer {
  readonly ready: Promise<void>;
  readonly closed: Promise<void>;
  /** Called with each session before anything of it is read. */
  onHttpWTSessionVisitor(args: { session: NativeSession }): void;
  /** Called with each request, before the request callback. */
  onSessionRequest(args: LibraryRequestEvent): void;
  startServer(): void;
  stopServer(): void;
  updateCert(cert: string, privKey: string, http2only: boolean): void;
  address(): { port: number; host: string } | null;
  setRequestCallback(callback: (request: LibraryRequest) => Promise<LibraryAnswer>): void;
  sessionStream(path: string, options: { noAutoPaths: true }): ReadableStream<LibrarySession>;
  /** Set once the server listens. */
  readonly transportInt?: {
    /** Node's own server, over HTTP/2. */
    readonly serverInt?: Http2SecureServer;
    /** Called with the answer to a request; `session` is the stream that it came on. */
    finishSessionRequest(answer: LibraryAnswer & { readonly session: ServerHttp2Stream }): void;
  };
}

/** A session that a server accepted. */
export interface LibrarySession extends AcceptedWebTransportLike {
  readonly userData: object;
  readonly peerAddress: string | undefined;
  readonly incomingUnidirectionalStreams: ReadableStream<ReadableStream<Uint8Array>>;
  /** Set while the session is open. */
  readonly objint?: NativeSession;
}

/** A session of a client. */
export interface LibraryClient extends WebTransportLike {
  readonly sessionint: LibraryVisitor & {
    /** Called before anything of the session is read. */
    setSessionObj(native: NativeSession, reliable: boolean): void;
    readonly parentobj: {
      readonly transportInt?: { readonly clientInt?: ClientHttp2Session };
    };
  };
}

/** The receiver of a session's events. */
export interface LibraryVisitor {
  readonly state: "connecting" | "connected" | "draining" | "closed" | "failed";
  onStream(args: object): void;
  onDatagramReceived(args: object): void;
}

/** The library's inner session. Over HTTP/2, it is carried by one stream. */
export interface NativeSession {
  /** The receiver of its events. */
  readonly jsobj?: LibraryVisitor & Pick<LibrarySession, "ready" | "closed">;
  readonly stream?: Http2Stream & EventEmitter;
  readonly capsParser?: {
    /** The bytes of an incomplete capsule. */
    readonly saveddata?: Uint8Array | undefined;
    parseData(data: Uint8Array): void;
    /** Called for the first capsule of a stream. `undefined` if the stream isn't allowed. */
    newStream(id: bigint, priority: object): NativeStream | undefined;
    /** Called for the capsule with which a peer closes the session. */
    onCloseWebTransportSession(info: { code: number; reason: string }): void;
  };
}

/** A stream of a session, over HTTP/2. */
export interface NativeStream {
  /** Data that waits to be read. */
  readonly incomdata: NativeData[];
  /** Takes the data of a capsule. */
  recvData(data: NativeData): void;
}

interface NativeData {
  readonly data?: Uint8Array | undefined;
  readonly fin: boolean;
}

const LIBRARY = "@fails-components/webtransport";
const HTTP3 = "@fails-components/webtransport-transport-http3-quiche";

/** The library's output when it is imported without the package for HTTP/3, which is optional. */
const COMPLAINTS = [
  "Problem loading http3-quiche transport",
  "Did you install @fails-components/webtransport-transport-http3-quiche?",
  "http3 loader:",
];

let loading: Promise<Library> | undefined;

/**
 * Loads the library, once.
 *
 * @throws NoWebTransportError if it isn't installed
 */
export function loadLibrary(): Promise<Library> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Library> {
  const complaints = mute();
  try {
    const { Http2Server, Http3Server, WebTransport, quicheLoaded } = await importLibrary();
    // No client can be made before this has settled, and the complaints come up to a turn later.
    await quicheLoaded;
    await new Promise((resolve) => setImmediate(resolve));
    return { hasHttp3: !complaints.heard, Http2Server, Http3Server, WebTransport };
  } finally {
    complaints.unmute();
    warnUnlessMissing(complaints.error);
  }
}

async function importLibrary(): Promise<Library & { quicheLoaded: Promise<void> }> {
  try {
    const library: unknown = await import("@fails-components/webtransport");
    return library as Library & { quicheLoaded: Promise<void> };
  } catch (cause) {
    throw new NoWebTransportError(
      `WebTransport in Node needs the package ${LIBRARY}, which could not be imported. ` +
        `Install it: npm install ${LIBRARY}`,
      { cause },
    );
  }
}

/** Warns an application whose HTTP/3 package is installed but fails to load. */
function warnUnlessMissing(error: unknown): void {
  const { code, message, stack } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (error === undefined || (code === "ERR_MODULE_NOT_FOUND" && message?.includes(HTTP3))) return;
  process.emitWarning(`${HTTP3} is installed but fails to load. HTTP/2 is used instead.`, {
    detail: stack ?? String(error),
  });
}

/**
 * Keeps only the library's complaints from the console. They are also the only sign of which parts
 * the library has loaded.
 */
function mute() {
  const { error, log } = console;
  const complaints = {
    heard: false,
    error: undefined as unknown,
    unmute() {
      // Other code may have replaced them meanwhile.
      if (console.error === muted.error) console.error = error;
      if (console.log === muted.log) console.log = log;
    },
  };
  const unless =
    (print: (...args: unknown[]) => void) =>
    (...args: unknown[]) => {
      if (!COMPLAINTS.includes(String(args[0]))) return print.apply(console, args);
      complaints.heard = true;
      complaints.error ??= args[1];
    };
  const muted = { error: unless(error), log: unless(log) };
  Object.assign(console, muted);
  return complaints;
}
