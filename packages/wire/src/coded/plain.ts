/**
 * The classes that errors with a `code` extend, where stacks have no links to the error catalogue:
 * in production. The other files of this folder have the same exports. The conditions of the entry
 * `coded` choose among them, so that a production bundle contains only this one.
 */

/** The class that most errors with a `code` extend. */
export const CodedError: ErrorConstructor = Error;

/** The class that errors about values extend. */
export const CodedTypeError: TypeErrorConstructor = TypeError;

/** The class that errors about texts extend. */
export const CodedSyntaxError: SyntaxErrorConstructor = SyntaxError;

/**
 * Adds the link to an error whose `code` isn't known until its constructor ends. Errors of the
 * classes above have it already.
 */
export function explain(_error: Error & { readonly code: string }): void {}

/** The stack of an error without its link, for a peer. */
export function unexplained(stack: string): string {
  return stack;
}
