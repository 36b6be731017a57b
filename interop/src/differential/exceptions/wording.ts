import type { Exception } from "../compare.ts";

/** Our errors say more than the reference's. */
export const wording: readonly Exception[] = [
  {
    entry: "a value that can't be sent",
    rewrite: (text) =>
      text.replaceAll(
        / \((?:arguments|result|value|chunk)[^()]*?: [^():]*\)\. Send .*?\.(?=\\?["};,\]]|$)/gm,
        "",
      ),
  },
  {
    entry: "a path into one",
    rewrite: (text) =>
      text.replaceAll(
        / It is an? .*?, which can't travel, so .*? or give a plain object\./g,
        "",
      ),
  },
  {
    entry: "goes on to say `dup()`",
    rewrite: (text) =>
      text.replaceAll(/ Stubs in arguments are disposed of when .*? to use it longer\./g, ""),
  },
];
