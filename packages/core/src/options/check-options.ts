/** A rule for the value of an option. */
export interface OptionRule {
  /** Completes the sentence "The option … must be …". */
  readonly must: string;
  /** True if the option can't be left out. */
  readonly isRequired?: boolean;
  /** The rules of the options in the value, if it is an object of options itself. */
  readonly inner?: OptionRules<any>;
  /** True for a value that the rule allows. Never called with `undefined`. */
  allows(value: unknown): boolean;
}

/** The rules of all options that there are, by their names. */
export type OptionRules<O> = { readonly [Name in keyof Required<O>]: OptionRule };

const rule = (must: string, allows: (value: unknown) => boolean): OptionRule => ({ must, allows });

const isNumber = (value: unknown): value is number => typeof value === "number" && value >= 0;
const isObject = (value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Rules for the values of options. `undefined` always stands for the default. */
export const optionRules = {
  any: rule("any value", () => true),
  boolean: rule("true or false", (value) => typeof value === "boolean"),
  text: rule("a text", (value) => typeof value === "string"),
  function: rule("a function", (value) => typeof value === "function"),
  list: rule("an array", Array.isArray),
  object: rule("an object", isObject),
  number: rule("a number, 0 or more", isNumber),
  milliseconds: rule("a number of milliseconds, 0 or more", isNumber),
} as const;

/** Returns a rule for an option that is an object of options, which have rules of their own. */
export function nested<O>(inner: OptionRules<O>): OptionRule {
  return { ...optionRules.object, inner };
}

/** Returns a rule for an option that may be `false` besides, which turns its subject off. */
export function orFalse(given: OptionRule): OptionRule {
  const { must, allows } = given;
  return { ...given, ...rule(`${must}, or false`, (value) => value === false || allows(value)) };
}

/** Returns a rule for an option that can't be left out. */
export function required(given: OptionRule): OptionRule {
  return { ...given, isRequired: true };
}

/**
 * Checks the options that a program gives, and those in them, because a mistyped name would
 * silently mean the default: for `authorize`, that everyone is let in.
 *
 * @param where names the function in messages, such as `"new RpcHost()"`
 * @param options any value
 * @param hint tells more about an unknown name, such as where it belongs
 * @throws TypeError for a value that isn't an object, an unknown name, a required option that is
 *   missing, and a value that its rule doesn't allow
 *
 * @example
 * ```ts
 * checkOptions<MyOptions>("serve()", options, { deadline: optionRules.milliseconds });
 * ```
 */
export function checkOptions<O>(
  where: string,
  options: unknown,
  rules: OptionRules<O>,
  hint: (name: string) => string | undefined = () => undefined,
): void {
  const known: Readonly<Record<string, OptionRule>> = rules;
  const names = Object.keys(known);
  if (!isObject(options)) {
    throw new TypeError(
      `${where} takes its options as an object, such as { ${names[0]}: … }. ` +
        `It got ${shown(options)}.`,
    );
  }
  for (const name of Object.keys(options as object)) {
    if (Object.hasOwn(known, name)) continue;
    throw new TypeError(`${where} has no option "${name}". ${hint(name) ?? guess(name, names)}`);
  }
  for (const [name, { must, isRequired, allows, inner }] of Object.entries(known)) {
    const value = (options as Record<string, unknown>)[name];
    if (value === undefined ? isRequired : !allows(value)) {
      throw new TypeError(`${where}: the option "${name}" must be ${must}, not ${shown(value)}.`);
    }
    if (inner && isObject(value)) checkOptions(`"${name}" of ${where}`, value, inner);
  }
}

/** The value, as short as a message can have it. A long text isn't shown: it may be a secret. */
function shown(value: unknown): string {
  if (typeof value === "string") return value.length > 30 ? "a long text" : JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

function guess(name: string, names: readonly string[]): string {
  const near = names.find((each) =>
    isNear(name.toLowerCase(), each.toLowerCase(), Math.min(3, each.length / 3)),
  );
  return near ? `Did you mean "${near}"?` : `It has ${names.join(", ")}.`;
}

/** True if at most `edits` added, removed or replaced characters turn one text into the other. */
function isNear(from: string, to: string, edits: number): boolean {
  if (from === to || edits < 1) return from === to;
  let i = 0;
  while (from[i] === to[i]) i++;
  const [a, b] = [from.slice(i), to.slice(i)];
  const left = edits - 1;
  return [
    [a.slice(1), b],
    [a, b.slice(1)],
    [a.slice(1), b.slice(1)],
  ].some(([one, other]) => isNear(one!, other!, left));
}
