/**
 * The one place that knows what `@fails-components/webtransport` (1.6) is like inside. Its types
 * lack what is used here, so these are our own.
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
  /** Whether the native package for HTTP/3 is installed, and works. */
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
  /** Most bytes of a stream that may be under way or unread. */
  readonly streamFlowControlWindowSizeLimit?: number;
  /** Likewise of a session. */
  readonly sessionFlowControlWindowSizeLimit?: number;
}

/** What a server is told of a request. */
export interface LibraryRequestEvent {
  readonly header: LibraryRequest["header"];
  /** The client's address and port. */
  readonly peerAddress?: string | undefined;
  /** Over HTTP/2, the stream that the request came on. */
  readonly session?: unknown;
}

/** A request for a session. Pseudo-headers among the headers have a colon in front. */
export interface LibraryRequest {
  readonly header: Readonly<Record<string, string | string[] | undefined>>;
}

/** The answer: a session of the status 200, handed to the session stream of the path. */
export interface LibraryAnswer {
  readonly status: number;
  readonly path?: string;
  readonly userData?: object;
  /** Why the request is refused. */
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
  /** There once it listens. */
  readonly transportInt?: {
    /** Over HTTP/2, Node's own server. */
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
  /** There while the session is open. */
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

/** What is told of what happens in a session. */
export interface LibraryVisitor {
  readonly state: "connecting" | "connected" | "draining" | "closed" | "failed";
  onStream(args: object): void;
  onDatagramReceived(args: object): void;
}

/** What carries a session: over HTTP/2 a stream of it. */
export interface NativeSession {
  /** What it tells what happens. */
  readonly jsobj?: LibraryVisitor & Pick<LibrarySession, "ready" | "closed">;
  readonly stream?: Http2Stream & EventEmitter;
  readonly capsParser?: {
    /** The bytes of a capsule that isn't complete. */
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

/**
 * What the library prints when it is imported without the package for HTTP/3, which is optional.
 */
const COMPLAINTS = [
  "Problem loading http3-quiche transport",
  "Did you install @fails-components/webtransport-transport-http3-quiche?",
  "http3 loader:",
];

let loading: Promise<Library> | undefined;

/** Loads the library, once. @throws NoWebTransportError if it isn't installed */
export function loadLibrary(): Promise<Library> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Library> {
  const complaints = mute();
  try {
    const { Http2Server, Http3Server, WebTransport, quicheLoaded } = await importLibrary();
    // The client refuses to be made before this has settled; and the complaints come until a turn
    // later.
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

/** Says why there is no HTTP/3 to those who have installed it. */
function warnUnlessMissing(error: unknown): void {
  const { code, message, stack } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (error === undefined || (code === "ERR_MODULE_NOT_FOUND" && message?.includes(HTTP3))) return;
  process.emitWarning(`${HTTP3} is installed but fails to load. HTTP/2 is used instead.`, {
    detail: stack ?? String(error),
  });
}

/**
 * Keeps the library's complaints from the console, and nothing else. They alone say what it has
 * loaded.
 */
function mute() {
  const { error, log } = console;
  const complaints = {
    heard: false,
    error: undefined as unknown,
    unmute() {
      // Somebody else may have replaced them meanwhile.
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
