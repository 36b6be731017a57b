/** The `code` of an error, which may be any value. Never throws. */
export function codeOf(error: unknown): unknown {
  try {
    return (error as { readonly code?: unknown } | null | undefined)?.code;
  } catch {
    return undefined;
  }
}
