/** The classes of `plain.ts`, for development: stacks end with a link to the error catalogue. */
import { isOff, link, unlinked } from "./link.ts";

/** A class whose errors have links. `code` must work before the subclass's constructor ends. */
function linking<Base extends ErrorConstructor>(base: Base): Base {
  if (isOff()) return base;
  return class extends (base as ErrorConstructor) {
    constructor(message?: string, options?: ErrorOptions) {
      super(message, options);
      link(this);
    }
  } as unknown as Base;
}

/** The class that most errors with a `code` extend. */
export const CodedError: ErrorConstructor = /* @__PURE__ */ linking(Error);

/** The class that errors about values extend. */
export const CodedTypeError: TypeErrorConstructor = /* @__PURE__ */ linking(TypeError);

/** The class that errors about texts extend. */
export const CodedSyntaxError: SyntaxErrorConstructor = /* @__PURE__ */ linking(SyntaxError);

/** Adds the link to an error whose `code` isn't known until its constructor ends. */
export function explain(error: Error & { readonly code: string }): void {
  if (!isOff()) link(error);
}

/** The stack of an error without its link, for a peer. */
export function unexplained(stack: string): string {
  return unlinked(stack);
}
