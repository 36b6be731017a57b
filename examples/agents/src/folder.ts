import { RpcError, RpcTarget } from "@capnweb/core";
import type { AuditLog } from "./audit-log.ts";
import type { FileTree } from "./files.ts";
import { Grant, type Limits } from "./grant.ts";

/** A folder, for one holder. The holder can do with it what its methods do, and nothing else. */
export class Folder extends RpcTarget {
  readonly #tree: FileTree;
  readonly #grant: Grant;
  readonly #log: AuditLog;

  constructor(tree: FileTree, grant: Grant, log: AuditLog) {
    super();
    this.#tree = tree;
    this.#grant = grant;
    this.#log = log;
    grant.cover(this);
  }

  list(): string[] {
    return this.#use("list", "", () => this.#tree.list());
  }

  read(name: string): string {
    return this.#use("read", name, () => this.#tree.read(name));
  }

  write(name: string, text: string): void {
    this.#use("write", name, () => this.#tree.write(name, text));
  }

  /** A folder in this one, with the same limits. */
  open(name: string): Folder {
    return this.#use("open", name, () => {
      return new Folder(this.#tree.folder(name), this.#grant, this.#log);
    });
  }

  /**
   * Makes a capability for this folder with less power, to be handed on.
   *
   * @param holder the name of the new holder, for the audit log
   */
  grant(holder: string, limits: Limits): Granted {
    return this.#use("grant", "", () => {
      if (!/^[\w-]{1,50}$/.test(holder)) {
        throw new RpcError("A holder's name has 1 to 50 letters, digits or hyphens.", {
          code: "INVALID",
        });
      }
      return new Granted(this.#tree, new Grant(holder, limits, this.#grant), this.#log);
    });
  }

  [Symbol.dispose](): void {
    this.#grant.release(this);
  }

  /** Does something if the grant allows it, and notes it in either case. */
  #use<T>(action: "grant" | "list" | "open" | "read" | "write", name: string, work: () => T): T {
    let outcome = "ok";
    try {
      this.#grant.use(action === "write");
      return work();
    } catch (error) {
      outcome = error instanceof RpcError ? String(error.code) : "ERROR";
      throw error;
    } finally {
      const path = `${this.#tree.path}/${readable(name)}`;
      this.#log.add({ who: this.#grant.who, grant: this.#grant.id, action, path, outcome });
    }
  }
}

/** The maker's side of a grant. Its holder hands on the folder, and keeps this. */
export class Granted extends RpcTarget {
  readonly #tree: FileTree;
  readonly #grant: Grant;
  readonly #log: AuditLog;

  constructor(tree: FileTree, grant: Grant, log: AuditLog) {
    super();
    this.#tree = tree;
    this.#grant = grant;
    this.#log = log;
  }

  folder(): Folder {
    return new Folder(this.#tree, this.#grant, this.#log);
  }

  /** The number of uses that are left. */
  left(): number {
    return this.#grant.left;
  }

  /** Ends the folder at once, for all that hold it and for all that they have made from it. */
  revoke(): void {
    this.#grant.end();
  }

  /** A grant ends with the last stub of this, so that none can be forgotten. */
  [Symbol.dispose](): void {
    this.#grant.end();
  }
}

/** A name as it is safe in a log and on a terminal. A holder may send anything for it. */
function readable(name: unknown): string {
  if (typeof name !== "string") return "(no text)";
  return JSON.stringify(name.slice(0, 100))
    .slice(1, -1)
    .replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, "?");
}
