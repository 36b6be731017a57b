import { randomBytes, randomUUID, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Database } from "./database.ts";
import { ChatError } from "./errors.ts";

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,23}$/u;
const MIN_PASSWORD = 6;
const MAX_PASSWORD = 200;

const hashOf = promisify<string, Buffer, number, Buffer>(scrypt);

/** The members' names and passwords, and the logins that are still good. */
export class Accounts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Checks a password. The first login with a name makes the account.
   *
   * @returns the id of the login
   * @throws ChatError `BAD_NAME`, `BAD_PASSWORD`, `WRONG_PASSWORD`
   */
  async signIn(name: unknown, password: unknown): Promise<string> {
    if (typeof name !== "string" || !NAME.test(name)) {
      throw new ChatError(
        "BAD_NAME",
        "A name has 1 to 24 letters, digits, spaces, dots or dashes, and begins with a letter or digit.",
      );
    }
    if (typeof password !== "string" || !isBetween(password.length, MIN_PASSWORD, MAX_PASSWORD)) {
      throw new ChatError(
        "BAD_PASSWORD",
        `A password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters.`,
      );
    }
    const account = await this.#accountOf(name, password);
    const hash = await hashOf(password, account.salt, account.hash.length);
    if (!timingSafeEqual(hash, account.hash)) {
      throw new ChatError("WRONG_PASSWORD", `${account.name} has another password.`);
    }
    const id = randomUUID();
    this.#database.prepare("INSERT INTO logins (id, name) VALUES (?, ?)").run(id, account.name);
    return id;
  }

  /**
   * The name of the member that a login belongs to.
   *
   * @throws ChatError `SIGNED_OUT`
   */
  nameOf(login: string): string {
    const row = this.#database.prepare("SELECT name FROM logins WHERE id = ?").get(login);
    if (!row) throw new ChatError("SIGNED_OUT", "You have signed out. Sign in again.");
    return (row as { name: string }).name;
  }

  /** Ends a login. Its tokens are refused from then on. */
  signOut(login: string): void {
    this.#database.prepare("DELETE FROM logins WHERE id = ?").run(login);
  }

  async #accountOf(name: string, password: string) {
    const find = this.#database.prepare("SELECT name, salt, hash FROM accounts WHERE name = ?");
    if (!find.get(name)) {
      const salt = randomBytes(16);
      const hash = await hashOf(password, salt, 32);
      // Another client may have taken the name meanwhile.
      this.#database
        .prepare("INSERT INTO accounts (name, salt, hash) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        .run(name, salt, hash);
    }
    return find.get(name) as { name: string; salt: Buffer; hash: Buffer };
  }
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
