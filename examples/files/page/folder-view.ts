import { callOptions, type RpcStub } from "@capnweb/core";
import type { Directory } from "../src/directory.ts";
import { download } from "./download.ts";
import { element, make } from "./elements.ts";
import { showEntries } from "./entries.ts";
import { sizeOf } from "./format.ts";
import { addTransfer } from "./transfer-list.ts";
import { upload } from "./upload.ts";

/** The part of the page that shows one folder at a time. */
export class FolderView {
  readonly #root: RpcStub<Directory>;
  readonly #mayWrite: boolean;
  readonly #onError: (error: unknown) => void;
  #path: readonly string[] = [];

  /** @param root works in each session */
  constructor(root: RpcStub<Directory>, mayWrite: boolean, onError: (error: unknown) => void) {
    this.#root = root;
    this.#mayWrite = mayWrite;
    this.#onError = onError;
  }

  /** Shows a folder. */
  async open(path: readonly string[]): Promise<void> {
    this.#path = path;
    element("#shared", HTMLElement).hidden = true;
    const steps = ["All files", ...path].map((name, i) => {
      const step = make("button", "quiet", name);
      step.type = "button";
      if (i === path.length) step.setAttribute("aria-current", "page");
      step.onclick = () => void this.open(path.slice(0, i));
      return make("li", "", step);
    });
    element("#path", HTMLOListElement).replaceChildren(...steps);
    await this.refresh();
  }

  /** Asks for the content of the folder again. */
  async refresh(): Promise<void> {
    const path = this.#path;
    const root = callOptions(this.#root, { idempotent: true });
    const folder = path.reduce((above, name) => above.directory(name), root);
    await this.#attempt(async () => {
      // One round trip for all of it, the way to the folder included.
      const [entries, unfinished, usage] = await Promise.all([
        folder.list(),
        this.#mayWrite ? folder.unfinished() : [],
        this.#mayWrite ? root.usage() : undefined,
      ]);
      if (path !== this.#path) return;
      showEntries(entries, unfinished, {
        mayWrite: this.#mayWrite,
        open: (name) => void this.open([...path, name]),
        download: (name) => this.#download(path, name),
        remove: (name) => {
          if (!confirm(`Delete ${name}?`)) return;
          void this.#change(() => this.#at(path).remove(name));
        },
        discard: ({ name, size, modified }) =>
          void this.#change(() => this.#at(path).discard(name, size, modified)),
      });
      if (!usage) return;
      const text = `${sizeOf(usage.used)} of ${sizeOf(usage.limit)} used`;
      element("#usage", HTMLElement).textContent = text;
    });
  }

  /** Uploads files to the folder that is shown. */
  upload(files: Iterable<File>): void {
    const path = this.#path;
    for (const file of files) {
      const { name, size, lastModified: modified } = file;
      addTransfer({
        name,
        run: (transfer) => upload(() => this.#at(path), file, transfer),
        discard: () => this.#change(() => this.#at(path).discard(name, size, modified)),
        ended: () => void this.refresh(),
      });
    }
  }

  async makeFolder(name: string): Promise<void> {
    await this.#change(() => this.#at(this.#path).makeDirectory(name));
  }

  /** A token for reading the folder that is shown. */
  async share(): Promise<string> {
    return await this.#at(this.#path).share();
  }

  #download(path: readonly string[], name: string): void {
    addTransfer({
      name,
      run: async (transfer) => save(await download(() => this.#at(path), name, transfer), name),
      discard: async () => {},
      ended() {},
    });
  }

  /** The folder at a path, in the current session. Takes no round trip of its own. */
  #at(path: readonly string[]): RpcStub<Directory> {
    return path.reduce((folder, name) => folder.directory(name), this.#root);
  }

  async #change(change: () => PromiseLike<unknown>): Promise<void> {
    await this.#attempt(change);
    await this.refresh();
  }

  async #attempt(attempt: () => PromiseLike<unknown>): Promise<void> {
    try {
      await attempt();
    } catch (error) {
      this.#onError(error);
    }
  }
}

/** Hands a file to the browser, which saves it. */
function save(content: Blob, name: string): void {
  const link = make("a", "");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
