import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open, readdir, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { FileError, refuse } from "./errors.ts";
import { checkName } from "./names.ts";

/** A file or directory in a list. */
export interface Entry {
  readonly name: string;
  readonly kind: "file" | "directory";
  /** Bytes; 0 for a directory. */
  readonly size: number;
  readonly modified: Date;
}

/** A folder of the disk, below the one that the server serves. Only this class makes paths. */
export class Folder {
  readonly #root: string;
  readonly names: readonly string[];

  /**
   * @param root the path of the folder that is served
   * @param names the steps from there
   * @throws FileError `BAD_NAME`
   */
  constructor(root: string, names: readonly string[]) {
    this.#root = root;
    this.names = names.map(checkName);
  }

  child(name: string): Folder {
    return new Folder(this.#root, [...this.names, name]);
  }

  /** The path of a file or directory in this folder. */
  pathOf(name: string): string {
    return join(this.#root, ...this.names, checkName(name));
  }

  /** The path of this folder. */
  get path(): string {
    return join(this.#root, ...this.names);
  }

  /** @throws FileError `NOT_FOUND` unless this is a directory. A link isn't one */
  async check(): Promise<this> {
    const missing = notFound(this.names.at(-1) ?? "");
    const found = await refuse(lstat(this.path), { ENOENT: missing, ENOTDIR: missing });
    if (!found.isDirectory()) throw missing;
    return this;
  }

  /** All files and directories. Links and other things aren't served. */
  async list(): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (const name of await refuse(readdir(this.path))) {
      const found = name.startsWith(".") ? undefined : await this.#look(name);
      if (found?.isDirectory() || found?.isFile()) entries.push(entryOf(name, found));
    }
    return entries;
  }

  /** Opens a file for reading. Never follows a link. */
  async open(name: string) {
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);
    const missing = notFound(name);
    const handle = await refuse(open(this.pathOf(name), flags), {
      ENOENT: missing,
      ENOTDIR: missing,
      ELOOP: missing,
    });
    const found = await handle.stat();
    if (found.isFile()) return { handle, size: found.size, modified: found.mtime };
    await handle.close();
    throw missing;
  }

  /** The file, directory or other thing of this name, if there is one. */
  async find(name: string): Promise<Entry | undefined> {
    const found = await this.#look(checkName(name));
    return found && entryOf(name, found);
  }

  /** @param name one that was checked, or that the disk has given */
  async #look(name: string): Promise<Stats | undefined> {
    const missing = notFound(name);
    try {
      return await refuse(lstat(join(this.path, name)), { ENOENT: missing });
    } catch (error) {
      if (error === missing) return undefined;
      throw error;
    }
  }

  async makeDirectory(name: string): Promise<void> {
    await refuse(mkdir(this.pathOf(name)), { EEXIST: exists(name) });
  }

  /**
   * Removes a file or an empty directory.
   *
   * @returns the bytes that are free now
   */
  async remove(name: string): Promise<number> {
    const path = this.pathOf(name);
    const found = await refuse(lstat(path), { ENOENT: notFound(name) });
    const isFull = new FileError("NOT_EMPTY", `"${name}" isn't empty. Delete its files first.`);
    if (found.isDirectory()) await refuse(rmdir(path), { ENOTEMPTY: isFull, EEXIST: isFull });
    else await refuse(unlink(path), { ENOENT: notFound(name) });
    return found.isFile() ? found.size : 0;
  }
}

function entryOf(name: string, found: Stats): Entry {
  const isDirectory = found.isDirectory();
  return {
    name,
    kind: isDirectory ? "directory" : "file",
    size: isDirectory ? 0 : found.size,
    modified: found.mtime,
  };
}

export function notFound(name: string): FileError {
  return new FileError("NOT_FOUND", `There is no "${name}" here any more.`);
}

export function exists(name: string): FileError {
  return new FileError(
    "EXISTS",
    `There is a "${name}" already. Delete it, or choose another name.`,
  );
}
