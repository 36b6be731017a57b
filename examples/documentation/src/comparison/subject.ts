/** The application's method at the server: gets the client's value, and gives the result. */
export type Handle = (value: any) => unknown;

/** A client and its server. */
export interface Connected {
  /** Calls the server's method. */
  call(value: unknown): Promise<any>;
  close(): Promise<void>;
}

/** A library, with the settings that it has by default. */
export interface Subject {
  readonly name: string;
  /** Serves a method, and connects a client to it. */
  connect(handle: Handle): Promise<Connected>;
  /** Marks an object that is to be passed by reference, if the library can do that. */
  readonly byReference?: (methods: Record<string, (...args: any[]) => unknown>) => unknown;
  /** The port of a server that accepts WebSockets, if the library itself accepts them. */
  serveWebSocket?(): Promise<{ url: string; close(): Promise<void> }>;
}
