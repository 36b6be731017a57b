import { FileError } from "./errors.ts";

/** The bytes that are in use or reserved, and the bytes that may be. */
export interface Usage {
  readonly used: number;
  readonly limit: number;
}

/** The bytes that all files together may have. An upload reserves its size before it begins. */
export class Quota {
  readonly #limit: number;
  #used = 0;

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get usage(): Usage {
    return { used: this.#used, limit: this.#limit };
  }

  /**
   * @param isThere true for bytes that are on the disk already, which may exceed the quota
   * @throws FileError `QUOTA`
   */
  reserve(bytes: number, isThere = false): void {
    const free = Math.max(0, this.#limit - this.#used);
    if (bytes > free && !isThere) {
      throw new FileError(
        "QUOTA",
        `The file has ${bytes} bytes, and ${free} of the quota of ${this.#limit} are free. ` +
          "Delete files or unfinished uploads first.",
      );
    }
    this.#used += bytes;
  }

  release(bytes: number): void {
    this.#used -= bytes;
  }
}
