// The capabilities that links give. A directory leads to what is below it and to nothing else, and
// a read-only one has no method that changes anything.
import { RpcTarget } from "@capnweb/core";
import { restoreParams } from "@capnweb/durable";
import { contentOf } from "./download.ts";
import { FileError } from "./errors.ts";
import { type Entry, exists, type Folder } from "./folder.ts";
import type { Usage } from "./quota.ts";
import type { Site } from "./site.ts";
import type { Download, Resumption, StartedUpload, Unfinished } from "./transfers.ts";
import { Upload } from "./upload.ts";

/** A directory whose holder can read everything below it. */
export class ReadOnlyDirectory extends RpcTarget {
  readonly #site: Site;
  readonly #folder: Folder;

  constructor(site: Site, folder: Folder) {
    super();
    this.#site = site;
    this.#folder = folder;
  }

  [restoreParams]() {
    return { names: this.#folder.names };
  }

  get access(): "read" | "write" {
    return "read";
  }

  async list(): Promise<Entry[]> {
    return await this.#folder.list();
  }

  /** The directory of this name, with the same access. */
  async directory(name: string): Promise<ReadOnlyDirectory> {
    return new ReadOnlyDirectory(this.#site, await this.#folder.child(name).check());
  }

  /**
   * Reads a file.
   *
   * @param from the place to go on from, after a download that was cut
   * @throws FileError `NOT_FOUND`, `CHANGED`, `BUSY`
   */
  async download(name: string, from?: Resumption): Promise<Download> {
    const end = this.#site.downloads.begin();
    try {
      return await this.#download(name, from, end);
    } catch (error) {
      end();
      throw error;
    }
  }

  async #download(
    name: string,
    from: Resumption | undefined,
    onEnd: () => void,
  ): Promise<Download> {
    const { handle, size, modified } = await this.#folder.open(name);
    const version = `${size}-${modified.getTime()}`;
    const offset = from?.offset ?? 0;
    if ((from && from.version !== version) || !isPlace(offset, size)) {
      await handle.close();
      throw new FileError("CHANGED", `"${name}" has changed since its download began.`);
    }
    return { size, version, content: contentOf(handle, offset, onEnd) };
  }

  /** A token for reading this directory. Another session passes it to `open()`. */
  async share(): Promise<string> {
    return await this.#site.durable.seal(new ReadOnlyDirectory(this.#site, this.#folder));
  }
}

/** A directory whose holder can read and change everything below it. */
export class Directory extends ReadOnlyDirectory {
  readonly #site: Site;
  readonly #folder: Folder;

  constructor(site: Site, folder: Folder) {
    super(site, folder);
    this.#site = site;
    this.#folder = folder;
  }

  override get access(): "read" | "write" {
    return "write";
  }

  override async directory(name: string): Promise<Directory> {
    return new Directory(this.#site, await this.#folder.child(name).check());
  }

  /** This directory for a holder that may only read it. */
  readOnly(): ReadOnlyDirectory {
    return new ReadOnlyDirectory(this.#site, this.#folder);
  }

  /** The bytes of all files of the server, and the quota. */
  usage(): Usage {
    return this.#site.quota.usage;
  }

  async makeDirectory(name: string): Promise<void> {
    await this.#folder.makeDirectory(name);
  }

  /**
   * Deletes a file or an empty directory.
   *
   * @throws FileError `NOT_FOUND`, `NOT_EMPTY`
   */
  async remove(name: string): Promise<void> {
    const inside = this.#site.parts.in(this.#folder.child(name));
    if (inside.length > 0) throw new FileError("NOT_EMPTY", `"${name}" has unfinished uploads.`);
    this.#site.quota.release(await this.#folder.remove(name));
  }

  /**
   * Begins an upload, or goes on with the one of the same name, size and time.
   *
   * @param size bytes of the whole file
   * @param modified the time at which the file was changed, in milliseconds since 1970
   * @throws FileError `BAD_NAME`, `BAD_SIZE`, `EXISTS`, `QUOTA`
   */
  async upload(name: string, size: number, modified: number): Promise<StartedUpload> {
    if (!isPlace(size, Number.MAX_SAFE_INTEGER) || !isTime(modified)) {
      throw new FileError("BAD_SIZE", "A size is a number of bytes, and a time of milliseconds.");
    }
    const there = await this.#folder.find(name);
    if (there) {
      const isSame = there.size === size && there.modified.getTime() === modified;
      if (!isSame || there.kind !== "file") throw exists(name);
      return { upload: undefined, received: size };
    }
    const part = this.#site.parts.open({ folder: this.#folder.names, name, size, modified });
    const upload = new Upload(this.#site.parts, part, this.#folder);
    // A session that was lost may still be writing.
    await part.stop();
    return { upload, received: await part.received() };
  }

  /** Gives an unfinished upload up: the bytes that have arrived are deleted. */
  async discard(name: string, size: number, modified: number): Promise<void> {
    const { parts } = this.#site;
    const part = parts.find({ folder: this.#folder.names, name, size, modified });
    if (part) await parts.discard(part);
  }

  /** The uploads that wait for the rest of their bytes. */
  async unfinished(): Promise<Unfinished[]> {
    const parts = this.#site.parts.in(this.#folder);
    return await Promise.all(
      parts.map(async (part) => {
        const { name, size, modified } = part.facts;
        return { name, size, modified, received: await part.received() };
      }),
    );
  }
}

/** A peer may send anything. */
function isPlace(value: unknown, most: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most;
}

function isTime(value: unknown): boolean {
  return typeof value === "number" && !Number.isNaN(new Date(value).getTime());
}
