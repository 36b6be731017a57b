/** The link between a client and a server. `none`: the case needs no peer. */
export type Link = "WebSocket" | "HTTP" | "memory" | "none";

/** An object kept alive while memory is measured. */
export interface Held {
  release(): Promise<void>;
}

/**
 * A connected client, in terms of an application's operations. A contestant has the operations that
 * its library offers, and each case names its contestants.
 */
export interface Client {
  /** Makes one call, which returns its argument. */
  echo(value: unknown): Promise<unknown>;
  /**
   * Asks for an object, asks that for an object, and so on; then makes one call. Doesn't wait in
   * between.
   */
  chain?(length: number): Promise<unknown>;
  /** Requests a list of numbers, and an echo of each of them, without waiting for the list. */
  mapList?(length: number): Promise<unknown>;
  /**
   * Passes a function, which the server calls, one call at a time.
   *
   * @returns the sum of the results
   */
  callBack?(times: number): Promise<number>;
  /**
   * Reads `chunks` chunks of {@link CHUNK_SIZE} from the server.
   *
   * @returns the number of bytes that arrived
   */
  receiveBytes?(chunks: number): Promise<number>;
  /**
   * Sends `chunks` chunks to the server.
   *
   * @returns the number of bytes that arrived
   */
  sendBytes?(chunks: number): Promise<number>;
  /**
   * Reads a stream of `count` objects.
   *
   * @returns the number of objects that arrived
   */
  receiveObjects?(count: number): Promise<number>;
  /**
   * Makes the server create the objects that {@link holdStubs} asks for, so that they aren't
   * counted.
   */
  prepare?(count: number): Promise<void>;
  /** Holds stubs of `count` objects of the server. */
  holdStubs?(count: number): Promise<Held>;
  /** Starts `count` calls, which the server answers when they are released. */
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

/**
 * An implementation that is measured. It leaves out the functions of links that it doesn't have.
 */
export interface Contestant {
  serveWebSocket?(): Promise<Served>;
  connectWebSocket?(port: number): Promise<Client>;
  serveHttp?(): Promise<Served>;
  connectHttp?(port: number): Promise<Client>;
  /** A client whose server is in the same process. */
  connectInMemory?(): Promise<Client>;
  /** A client without a peer. */
  alone?(): Promise<Client>;
}

/** The size of a chunk of a byte stream, in bytes. */
export const CHUNK_SIZE = 65_536;

/**
 * Bytes in a socket's send buffer above which contestants without back-pressure of their own wait.
 */
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
