import type { Exception } from "../compare.ts";

const USED_AFTER = /Attempted to use an RPC StubHook after it was disposed\./g;

/** Our errors say more than the reference's. */
export const wording: readonly Exception[] = [
  {
    entry: "a value that can't be sent",
    rewrite: (text) =>
      text.replaceAll(
        / \((?:arguments|result|value|chunk)[^()]*?: [^():]*\)\. Send .*?\.(?=\\?["'};,\]]|$)/gm,
        "",
      ),
  },
  {
    entry: "a path into one",
    rewrite: (text) =>
      text.replaceAll(/ It is an? .*?, which can't travel, so .*? or give a plain object\./g, ""),
  },
  {
    entry: "goes on to say `dup()`",
    rewrite: (text) =>
      text
        .replaceAll(/ Stubs in arguments are disposed of when .*? to use it longer\./g, "")
        .replaceAll("This RpcImportHook was already disposed.", "Attempted to use an RPC StubHook after it was disposed.")
        .replaceAll(USED_AFTER, "Attempted to use an RPC StubHook after it was disposed."),
  },
  {
    entry: "a stream in a `map()` callback",
    rewrite: (text) =>
      text
        .replaceAll(/Cannot send (Readable|Writable)Stream inside a mapper function\./g, "NOT IN MAP")
        .replaceAll(/Can't construct an RpcTarget or RPC callback inside a mapper function\. [^"]*?using it inside the callback\./g, "NOT IN MAP"),
  },
];
