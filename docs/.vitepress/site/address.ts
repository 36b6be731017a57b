import { fileURLToPath } from "node:url";

/** The folder of the repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The path below which the site is served. */
export const BASE = "/capnweb-ts/";

/** The public address of the site. */
export const SITE = `https://capnweb-ts.github.io${BASE}`;

export const REPOSITORY = "https://github.com/capnweb-ts/capnweb-ts";

/** Generated pages: the API reference. Git ignores them. */
export const GENERATED = "docs/generated/";
