/**
 * A plugin of ESLint and Oxlint, for the mistakes with placeholders that neither the types nor the
 * placeholders themselves notice.
 *
 * @example
 * ```js
 * // eslint.config.js
 * import plans from "@capnweb/plan/eslint";
 *
 * export default [
 *   { plugins: { plans }, rules: { "plans/no-placeholder-conditions": "error" } },
 * ];
 * ```
 *
 * @packageDocumentation
 */

import { noPlaceholderConditions } from "./no-placeholder-conditions.ts";

/** The plugin. Its rule is `no-placeholder-conditions`. */
const plugin = {
  meta: { name: "@capnweb/plan" },
  rules: { "no-placeholder-conditions": noPlaceholderConditions },
};

export default plugin;
