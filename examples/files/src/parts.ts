import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { link, lstat, mkdir, readdir, readFile, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { FileError, refuse } from "./errors.ts";
import { exists, type Folder, notFound } from "./folder.ts";
import { Part, type PartFacts } from "./part.ts";
import type { Quota } from "./quota.ts";

/** Unfinished files at the same time, because empty ones take place too. */
const MOST_PARTS = 1_000;

/**
 * All unfinished files. They are in a folder of their own, and survive a restart. Each has its size
 * reserved.
 */
export class Parts {
  readonly #path: string;
  readonly #quota: Quota;
  /** By the path of the part. */
  readonly #parts = new Map<string, Part>();

  /** @param path the folder, which is made by {@link load} */
  constructor(path: string, quota: Quota) {
    this.#path = path;
    this.#quota = quota;
  }

  /** Finds the parts of earlier processes. */
  async load(): Promise<void> {
    await mkdir(this.#path, { recursive: true });
    for (const file of await readdir(this.#path)) {
      if (!file.endsWith(".json")) continue;
      const facts = JSON.parse(await readFile(join(this.#path, file), "utf8")) as PartFacts;
      const path = join(this.#path, file.slice(0, -".json".length));
      this.#quota.reserve(facts.size, true);
      const part = new Part(facts, path);
      this.#parts.set(path, part);
      // The process may have ended between the link to a whole file and the end of the part.
      if ((await lstat(path)).nlink > 1) await this.discard(part);
    }
  }

  /**
   * The part of a file. A new one has its size reserved.
   *
   * @throws FileError `QUOTA`
   */
  open(facts: PartFacts): Part {
    const known = this.find(facts);
    if (known) return known;
    if (this.#parts.size >= MOST_PARTS) {
      throw new FileError(
        "QUOTA",
        `There are ${MOST_PARTS} unfinished uploads. Discard some first.`,
      );
    }
    const path = this.#pathOf(facts);
    this.#quota.reserve(facts.size);
    const part = new Part(facts, path);
    this.#parts.set(path, part);
    // At once, so that another client finds a part that is complete.
    writeFileSync(path, "");
    writeFileSync(`${path}.json`, JSON.stringify(facts));
    return part;
  }

  /** The part of a file, if there is one. */
  find(facts: PartFacts): Part | undefined {
    return this.#parts.get(this.#pathOf(facts));
  }

  /** The parts of files in one folder. */
  in({ names }: Folder): Part[] {
    const wanted = JSON.stringify(names);
    return [...this.#parts.values()].filter(({ facts }) => JSON.stringify(facts.folder) === wanted);
  }

  /** Makes a whole part the file that it is of. Its reserved bytes become those of the file. */
  async finish(part: Part, folder: Folder): Promise<void> {
    const { name, modified } = part.facts;
    await refuse(utimes(part.path, new Date(), new Date(modified)));
    // Unlike a renaming, a link never replaces a file.
    await refuse(link(part.path, folder.pathOf(name)), {
      EEXIST: exists(name),
      ENOENT: notFound(folder.names.at(-1) ?? ""),
    });
    await this.#remove(part);
  }

  /** Gives up a part, and its reserved bytes. Idempotent. */
  async discard(part: Part): Promise<void> {
    part.end();
    await part.stop();
    if (await this.#remove(part)) this.#quota.release(part.facts.size);
  }

  #pathOf({ folder, name, size, modified }: PartFacts): string {
    const facts = JSON.stringify([folder, name, size, modified]);
    return join(this.#path, createHash("sha256").update(facts).digest("hex"));
  }

  async #remove(part: Part): Promise<boolean> {
    part.end();
    // Another part of the same file may have begun meanwhile.
    if (this.#parts.get(part.path) !== part) return false;
    const isThere = this.#parts.delete(part.path);
    for (const path of [`${part.path}.json`, part.path]) await rm(path, { force: true });
    return isThere;
  }
}
