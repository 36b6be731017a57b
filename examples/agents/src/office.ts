import { RpcError, RpcTarget } from "@capnweb/core";
import { type AuditEntry, AuditLog } from "./audit-log.ts";
import { FileTree } from "./files.ts";
import { Folder } from "./folder.ts";
import { Grant } from "./grant.ts";

/** The users by their tokens, in place of a table of accounts. */
const USERS = new Map([["token of ada", "ada"]]);

/** The files of all users, and the log of their uses. */
export class Office {
  readonly log = new AuditLog();
  readonly #homes = new Map<string, FileTree>();

  constructor() {
    const home = new FileTree();
    this.#homes.set("ada", home);
    home.make("mail").write("bank.txt", "The password is 1234.");
    const reports = home.make("reports");
    reports.write("north.txt", "Sales rise.");
    reports.write("south.txt", "Sales fall.");
  }

  homeOf(user: string): FileTree {
    return this.#homes.get(user)!;
  }
}

/** The office's main object. */
export class OfficeApi extends RpcTarget {
  readonly #office: Office;

  constructor(office: Office) {
    super();
    this.#office = office;
  }

  login(token: string): User {
    const name = USERS.get(token);
    if (name === undefined) throw new RpcError("Unknown token.", { code: "UNAUTHORIZED" });
    return new User(this.#office, name);
  }
}

/** Everything that a user may do. It is never handed to an agent. */
export class User extends RpcTarget {
  readonly #office: Office;
  readonly #name: string;
  readonly #grant: Grant;

  constructor(office: Office, name: string) {
    super();
    this.#office = office;
    this.#name = name;
    this.#grant = new Grant(name, {});
  }

  /** The user's folder, without limits. */
  home(): Folder {
    return new Folder(this.#office.homeOf(this.#name), this.#grant, this.#office.log);
  }

  /** The uses of everything that the user has, by all holders. */
  audit(): AuditEntry[] {
    return this.#office.log.of(this.#name);
  }
}
