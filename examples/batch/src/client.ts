import { newHttpBatchRpcSession } from "@capnweb/transport-http";
import type { Blog } from "./blog.ts";

/** The data of an author's page. */
export interface Page {
  name: string;
  titles: string[];
}

/** Awaits each call before the next one: a request for each call. */
export async function readInSequence(url: string, token: string): Promise<Page> {
  const author = await newHttpBatchRpcSession<Blog>(url).authorId(token);
  const name = await newHttpBatchRpcSession<Blog>(url).authorName(author);
  const titles: string[] = [];
  for (const id of await newHttpBatchRpcSession<Blog>(url).articleIds(author)) {
    titles.push(await newHttpBatchRpcSession<Blog>(url).title(id));
  }
  return { name, titles };
}

/** Makes calls together as soon as their arguments are there: a request for each step. */
export async function readInSteps(url: string, token: string): Promise<Page> {
  const author = await newHttpBatchRpcSession<Blog>(url).authorId(token);
  const second = newHttpBatchRpcSession<Blog>(url);
  const [name, ids] = await Promise.all([second.authorName(author), second.articleIds(author)]);
  const third = newHttpBatchRpcSession<Blog>(url);
  return { name, titles: await Promise.all(ids.map((id) => third.title(id))) };
}

/** Uses results before they have arrived: one request for all calls. */
export async function readInOneBatch(url: string, token: string): Promise<Page> {
  const blog = newHttpBatchRpcSession<Blog>(url);
  const author = blog.authorId(token);
  const [name, titles] = await Promise.all([
    blog.authorName(author),
    blog.articleIds(author).map((id) => blog.title(id)),
  ]);
  return { name, titles };
}
