import type { KeptToken } from "@capnweb/reconnect";

const KEY = "chat.member";

/** The token of this tab's member, which outlives a reload of the page. */
export function savedToken(): KeptToken | undefined {
  const saved = sessionStorage.getItem(KEY);
  return saved === null ? undefined : (JSON.parse(saved) as KeptToken);
}

export function saveToken(token: KeptToken): void {
  sessionStorage.setItem(KEY, JSON.stringify(token));
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}
