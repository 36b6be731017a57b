/** The classes of `plain.ts`, for Node and Bun, where no build says whether this is production. */
import * as linked from "./linked.ts";
import * as plain from "./plain.ts";

declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

const chosen: typeof plain = process.env.NODE_ENV === "production" ? plain : linked;

/** The class that most errors with a `code` extend. */
export const CodedError: ErrorConstructor = chosen.CodedError;

/** The class that errors about values extend. */
export const CodedTypeError: TypeErrorConstructor = chosen.CodedTypeError;

/** The class that errors about texts extend. */
export const CodedSyntaxError: SyntaxErrorConstructor = chosen.CodedSyntaxError;

/** Adds the link to an error whose `code` isn't known until its constructor ends. */
export const explain: typeof plain.explain = chosen.explain;

/** The stack of an error without its link, for a peer. */
export const unexplained: typeof plain.unexplained = chosen.unexplained;
