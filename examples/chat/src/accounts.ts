import { randomBytes, randomUUID, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Database } from "./database.ts";
import { ChatError } from "./errors.ts";
import { LoginLimit } from "./login-limit.ts";

const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N}._-]| (?=[^ ])){0,23}$/u;
/** Letters that show nothing, such as U+3164. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
const MIN_PASSWORD = 6;
const MAX_PASSWORD = 200;

const hashOf = promisify<string, Buffer, number, Buffer>(scrypt);

/** The members' names and passwords, and the logins that are still good. */
export class Accounts {
  readonly #database: Database;
  readonly #limit = new LoginLimit();
  /** Ends what a login has open, by the id of the login. */
  readonly #onSignOut = new Map<string, Set<() => void>>();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Checks a password. The first login with a name makes the account.
   *
   * @param address the client's, by which attempts count
   * @returns the id of the login
   * @throws ChatError `BAD_NAME`, `BAD_PASSWORD`, `TOO_MANY`, `WRONG_PASSWORD`
   */
  async signIn(name: unknown, password: unknown, address?: string): Promise<string> {
    if (typeof name !== "string" || !isName(name)) {
      throw new ChatError(
        "BAD_NAME",
        "A name has 1 to 24 letters, digits, dots, dashes or single spaces, and begins with a letter or digit.",
      );
    }
    if (typeof password !== "string" || !isBetween(password.length, MIN_PASSWORD, MAX_PASSWORD)) {
      throw new ChatError(
        "BAD_PASSWORD",
        `A password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters.`,
      );
    }
    return await this.#limit.attempt(name, address, () => this.#checked(name, password));
  }

  async #checked(name: string, password: string): Promise<string> {
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

  /** Ends a login. Its tokens, and capabilities of all sessions, are refused from then on. */
  signOut(login: string): void {
    this.#database.prepare("DELETE FROM logins WHERE id = ?").run(login);
    for (const end of [...(this.#onSignOut.get(login) ?? [])]) end();
    this.#onSignOut.delete(login);
  }

  /**
   * Calls back when a login ends, in whichever session.
   *
   * @returns a function that stops this
   */
  onSignOut(login: string, callback: () => void): () => void {
    const callbacks = this.#onSignOut.get(login) ?? new Set();
    this.#onSignOut.set(login, callbacks.add(callback));
    return () => {
      callbacks.delete(callback);
      if (callbacks.size === 0 && this.#onSignOut.get(login) === callbacks) {
        this.#onSignOut.delete(login);
      }
    };
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

/** Two names that look the same must be the same, or one member could speak for another. */
function isName(name: string): boolean {
  return NAME.test(name) && !INVISIBLE.test(name) && name.normalize("NFKC") === name;
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
