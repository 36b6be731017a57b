import { RpcError } from "@capnweb/core";

const LONGEST_NAME = 100;
const LONGEST_TEXT = 100_000;
const MOST_ENTRIES = 1_000;

/**
 * A folder with its files. There are no paths, only names that are looked up: nothing leads from a
 * folder to the one around it.
 */
export class FileTree {
  readonly path: string;
  readonly #files = new Map<string, string>();
  readonly #folders = new Map<string, FileTree>();

  /** @param path the place of the folder, for people who read the audit log */
  constructor(path = "") {
    this.path = path;
  }

  list(): string[] {
    return [...this.#folders.keys(), ...this.#files.keys()];
  }

  read(name: string): string {
    const text = this.#files.get(name);
    if (text === undefined) throw missing();
    return text;
  }

  write(name: string, text: string): void {
    if (typeof name !== "string" || name === "" || name.length > LONGEST_NAME) {
      throw new RpcError(`A name has 1 to ${LONGEST_NAME} characters.`, { code: "INVALID" });
    }
    if (typeof text !== "string" || text.length > LONGEST_TEXT) {
      throw new RpcError(`A text has up to ${LONGEST_TEXT} characters.`, { code: "INVALID" });
    }
    if (!this.#files.has(name) && this.list().length >= MOST_ENTRIES) {
      throw new RpcError(`A folder has up to ${MOST_ENTRIES} entries.`, { code: "FULL" });
    }
    this.#files.set(name, text);
  }

  folder(name: string): FileTree {
    const folder = this.#folders.get(name);
    if (!folder) throw missing();
    return folder;
  }

  /** The folder with the name, which is made if necessary. Only the server's own code has it. */
  make(name: string): FileTree {
    let folder = this.#folders.get(name);
    if (!folder) {
      folder = new FileTree(`${this.path}/${name}`);
      this.#folders.set(name, folder);
    }
    return folder;
  }
}

function missing(): RpcError {
  return new RpcError("There is no such entry.", { code: "MISSING" });
}
