/**
 * The target's URL for a client, which may ask for another path or query, but for no other server:
 * a resolved URL could have any host.
 *
 * @param asked the target of the client's request, as it stands in its first line
 * @returns `undefined` for a request target that isn't a path
 */
export function targetUrl(target: URL, asked: string): string | undefined {
  const found = /^(\/[^?#]*)(\?[^#]*)?$/.exec(asked);
  if (!found) return undefined;
  const url = new URL(target);
  const [, path, query = ""] = found;
  url.pathname = path!.replace(/^[/\\]+/, "/");
  url.search = query;
  url.hash = "";
  return url.href;
}
