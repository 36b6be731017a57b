/** What lies between a client and a server. `none`: nothing, the case needs no peer. */
export type Link = "WebSocket" | "HTTP" | "memory" | "none";

/** Something kept alive for as long as memory is looked at. */
export interface Held {
  release(): Promise<void>;
}

/**
 * A connected client, by what an application does with it. A contestant offers what it has: a case
 * names those who take part in it.
 */
export interface Client {
  /** One call, which gives back its argument. */
  echo(value: unknown): Promise<unknown>;
  /**
   * Asks for an object, asks that for an object, and so on; then one call. No waiting in between.
   */
  chain?(length: number): Promise<unknown>;
  /** Has a list of numbers made, and each of them echoed, without waiting for the list. */
  mapList?(length: number): Promise<unknown>;
  /**
   * Hands a function over, which the server calls, one call at a time. Gives the sum of the
   * results.
   */
  callBack?(times: number): Promise<number>;
  /** Reads so many chunks of {@link CHUNK_SIZE} from the server. Gives how many bytes came. */
  receiveBytes?(chunks: number): Promise<number>;
  /** Sends so many chunks to the server. Gives how many bytes arrived. */
  sendBytes?(chunks: number): Promise<number>;
  /** Reads a stream of so many objects. Gives how many came. */
  receiveObjects?(count: number): Promise<number>;
  /**
   * Has the server make the objects that {@link holdStubs} asks for, so that they aren't counted.
   */
  prepare?(count: number): Promise<void>;
  /** Holds stubs of so many objects of the server. */
  holdStubs?(count: number): Promise<Held>;
  /** Starts so many calls, which the server answers when they are released. */
  holdCalls?(count: number): Promise<Held>;
  /** This number of calls in one HTTP request. */
  batch?(values: readonly unknown[]): Promise<unknown[]>;
  serialize?(value: unknown): string;
  deserialize?(text: string): unknown;
  close(): Promise<void>;
}

/** A server that listens on a free port of the loopback interface. */
export interface Served {
  readonly port: number;
}

/** An implementation that is measured. Functions for links that it doesn't have are left out. */
export interface Contestant {
  serveWebSocket?(): Promise<Served>;
  connectWebSocket?(port: number): Promise<Client>;
  serveHttp?(): Promise<Served>;
  connectHttp?(port: number): Promise<Client>;
  /** A client whose server is in the same process. */
  connectInMemory?(): Promise<Client>;
  /** What needs no peer. */
  alone?(): Promise<Client>;
}

/** Bytes of a chunk of a byte stream. */
export const CHUNK_SIZE = 65_536;

/** Bytes in a socket's send buffer above which those who see to back-pressure themselves wait. */
export const HIGH_WATER_MARK = 1024 * 1024;

export interface StreamedObject {
  readonly id: number;
  readonly name: string;
  readonly tags: readonly string[];
}

/** The n-th object of a stream of objects. */
export function streamedObject(n: number): StreamedObject {
  return { id: n, name: `item ${n}`, tags: ["first", "second"] };
}
