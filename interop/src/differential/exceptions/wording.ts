import type { Exception } from "../compare.ts";

const USED_AFTER = "Attempted to use an RPC StubHook after it was disposed.";

/** Errors whose text says more than the reference's. */
export const wording: readonly Exception[] = [
  {
    entry: "a value that can't be sent",
    example: ["await", "a Map", "result"],
    rewrite: (text) =>
      text.replaceAll(
        / \((?:arguments|result)[^()]*?: [^():]*\)\. Send .*?\.(?=\\?["'};,\]]|$)/gm,
        "",
      ),
  },
  {
    entry: "a path into one",
    example: ["properties", "a Map", "result"],
    rewrite: (text) =>
      text.replaceAll(
        / It is an? [^.]*\. (?:Send|Await|Give|Dispose) .*?\.(?=\\?["'};,\]]|$)/gm,
        "",
      ),
  },
  {
    entry: "goes on to say `dup()`",
    example: ["calls", "a target", "argument of a method that returns at once"],
    rewrite: (text) =>
      text
        .replaceAll(/ Stubs end with .*?: keep a dup\(\)\./g, "")
        .replaceAll("This RpcImportHook was already disposed.", USED_AFTER),
  },
  {
    entry: "The refusal of a function inside a value in a `map()` callback goes on with its place",
    example: ["await", "an object with toJSON", "constant in a map()"],
    rewrite: (text) =>
      text.replaceAll(/(using it inside the callback\.) \(arguments\[[^()"]*: function\)/g, "$1"),
  },
  {
    entry: "A writable in a `map()` callback is refused in words of its own",
    example: ["await", "a writable", "constant in a map()"],
    rewrite: (text) =>
      text
        .replaceAll(
          /Cannot send (Readable|Writable)Stream inside a mapper function\.( \([^"]*?\))?/g,
          "NOT IN MAP",
        )
        .replaceAll(
          /Can't construct an RpcTarget or RPC callback inside a mapper function\. [^"]*?using it inside the callback\./g,
          "NOT IN MAP",
        ),
  },
  {
    entry: '"is not a function" names the path from the nearest stub',
    example: ["calls", "a property of a stub", "local stub"],
    rewrite: (text, { kind, place }) =>
      kind.name === "a property of a stub" || /^(nested|local)/.test(place.name)
        ? text.replaceAll(/'[^' ]*' is not a function/g, "'PATH' is not a function")
        : text,
  },
];
