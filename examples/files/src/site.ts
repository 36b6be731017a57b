import { lstat, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Durable, type DurableClass, type KeyRing, restore } from "@capnweb/durable";
import { Directory, ReadOnlyDirectory } from "./directory.ts";
import { Downloads } from "./download.ts";
import { Folder } from "./folder.ts";
import { Parts } from "./parts.ts";
import { Quota } from "./quota.ts";

export interface SiteOptions {
  /** The folder of the files and of the unfinished uploads. */
  readonly path: string;
  /** Bytes that all files together may have. */
  readonly quota: number;
  /** The keys of the links. */
  readonly keys: KeyRing;
}

/** The served files, and what goes with them: unfinished uploads, the quota, the links. */
export class Site {
  readonly quota: Quota;
  readonly parts: Parts;
  readonly downloads = new Downloads();
  readonly durable: Durable;
  readonly #root: string;

  private constructor({ path, quota, keys }: SiteOptions) {
    this.#root = join(path, "files");
    this.quota = new Quota(quota);
    this.parts = new Parts(join(path, "parts"), this.quota);
    this.durable = new Durable({
      classes: {
        directory: this.#durableClass(Directory),
        "read-only": this.#durableClass(ReadOnlyDirectory),
      },
      keys,
      expiresIn: 365 * 24 * 60 * 60 * 1000,
    });
  }

  static async open(options: SiteOptions): Promise<Site> {
    const site = new Site(options);
    await mkdir(site.#root, { recursive: true });
    site.quota.reserve(await sizeOf(site.#root), true);
    await site.parts.load();
    return site;
  }

  folder(names: readonly string[]): Folder {
    return new Folder(this.#root, names);
  }

  /** The directory of everything. */
  get root(): Directory {
    return new Directory(this, this.folder([]));
  }

  /** Restores a directory in this site. */
  #durableClass(Class: typeof ReadOnlyDirectory): DurableClass {
    return {
      name: Class.name,
      prototype: Class.prototype,
      [restore]: async ({ names }: { names: string[] }) =>
        new Class(this, await this.folder(names).check()),
    };
  }
}

async function sizeOf(path: string): Promise<number> {
  let size = 0;
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) size += (await lstat(join(entry.parentPath, entry.name))).size;
  }
  return size;
}
