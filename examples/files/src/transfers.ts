// The values that directories give for uploads and downloads.
import type { Upload } from "./upload.ts";

/** A place in a file from which to go on, and the state of the file that it belongs to. */
export interface Resumption {
  readonly offset: number;
  readonly version: string;
}

/** The content of a file. */
export interface Download {
  /** Bytes of the whole file. */
  readonly size: number;
  /** Another one after each change of the file. */
  readonly version: string;
  /** The bytes from the offset on. */
  readonly content: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** An upload, and the number of bytes that the server has already. */
export interface StartedUpload {
  readonly received: number;
  /** `undefined` if the server has the whole file: the answer of an earlier call was lost. */
  readonly upload: Upload | undefined;
}

/** An upload that waits for the rest of its bytes. */
export interface Unfinished {
  readonly name: string;
  readonly size: number;
  readonly received: number;
  readonly modified: number;
}
