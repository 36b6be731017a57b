import { statSync } from "node:fs";
import { join, posix } from "node:path";
import { REPOSITORY, ROOT } from "./address.ts";
import type { Page } from "./pages.ts";

/** The target of a link. */
export type Target =
  | { readonly kind: "page"; readonly page: Page; readonly hash: string }
  /** A file or folder of the repository that isn't a page. */
  | { readonly kind: "repository"; readonly path: string; readonly url: string }
  /** Another site, or a heading of the same page. */
  | { readonly kind: "other" };

const IN_REPOSITORY = new RegExp(`^${REPOSITORY}/(?:blob|tree)/main/`);

/** Resolves links between Markdown files of the repository. */
export class Links {
  readonly #bySource: ReadonlyMap<string, Page>;

  constructor(pages: readonly Page[]) {
    this.#bySource = new Map(pages.map((page) => [page.source, page]));
  }

  /**
   * Returns the target of a link.
   *
   * @param from the path of the file that contains the link
   */
  resolve(from: string, href: string): Target {
    const isOwn = IN_REPOSITORY.test(href);
    if (!isOwn && (/^[a-z][\w+.-]*:/i.test(href) || /^[#/]/.test(href))) return { kind: "other" };
    const [path = "", anchor] = href.replace(IN_REPOSITORY, "").split("#");
    const target = posix
      .join(isOwn ? "" : posix.dirname(from), decodeURIComponent(path))
      .replace(/\/$/, "");
    const hash = anchor === undefined ? "" : `#${anchor}`;
    const page = this.#pageAt(target, hash);
    if (page) return { kind: "page", page, hash };
    return { kind: "repository", path: target, url: repositoryUrl(target, hash) };
  }

  #pageAt(path: string, hash: string): Page | undefined {
    // The repository's README becomes the home page, which has other headings.
    if (path === "README.md" && hash === "") return this.#bySource.get("docs/index.md");
    return this.#bySource.get(path) ?? this.#bySource.get(`${path}/README.md`);
  }
}

function repositoryUrl(path: string, hash: string): string {
  const isFolder = statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory();
  return `${REPOSITORY}/${isFolder ? "tree" : "blob"}/main/${path}${hash}`;
}
