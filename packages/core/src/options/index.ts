/**
 * The check of options, for libraries whose functions take some: unknown names, missing ones, and
 * wrong values.
 *
 * @packageDocumentation
 */

export {
  checkOptions,
  nested,
  type OptionRule,
  type OptionRules,
  optionRules,
  orFalse,
  required,
} from "./check-options.ts";
export { sessionRules } from "./session-rules.ts";
