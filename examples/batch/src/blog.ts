import { RpcTarget } from "@capnweb/core";

const AUTHORS = new Map([["open sesame", 1]]);
const NAMES = new Map([[1, "Ada"]]);
const ARTICLES = new Map([
  [11, { author: 1, title: "On notes" }],
  [12, { author: 1, title: "On engines" }],
  [13, { author: 1, title: "On looms" }],
  [14, { author: 1, title: "On flying" }],
  [15, { author: 1, title: "On cards" }],
]);

/** The server's main object. Each of its methods needs a result of another one. */
export class Blog extends RpcTarget {
  /** The id of the author who has the token. */
  authorId(token: string): number {
    return found(AUTHORS.get(token), "This token");
  }

  authorName(id: number): string {
    return found(NAMES.get(id), `Author ${id}`);
  }

  articleIds(author: number): number[] {
    const articles = [...ARTICLES].filter(([, article]) => article.author === author);
    return articles.map(([id]) => id);
  }

  title(articleId: number): string {
    return found(ARTICLES.get(articleId), `Article ${articleId}`).title;
  }
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`${name} doesn't exist.`);
  return value;
}
