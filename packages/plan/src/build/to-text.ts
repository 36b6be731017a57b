import type { PlanTree, Read, Step } from "../read/tree.ts";
import { isName } from "../shape/names.ts";

/** Readable pseudo-code of a plan. */
export function textOf(tree: PlanTree): string {
  const writer = new Writer();
  writer.block(tree.steps, 1);
  writer.line(1, `return ${source(tree.result)}`);
  const name = tree.name === undefined ? "" : ` ${tree.name}`;
  return [`plan${name}(api, params) {`, ...writer.lines, "}"].join("\n");
}

const LONGEST_VALUE = 60;

function source(read: Read): string {
  switch (read.kind) {
    case "capture":
      return read.index === 0 ? "api" : `captures[${read.index}]`;
    case "param":
      return `params${path(read.path)}`;
    case "slot":
      return read.label;
    case "value":
      return literal(read.value);
  }
}

function literal(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date)
    return `Date(${Number.isNaN(value.getTime()) ? "invalid" : value.toISOString()})`;
  const replacer = (_key: string, part: unknown) => (typeof part === "bigint" ? `${part}n` : part);
  const text = JSON.stringify(value, replacer) ?? String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function path(parts: readonly (string | number)[]): string {
  return parts.map((part) => (isName(part) ? `.${part}` : `[${JSON.stringify(part)}]`)).join("");
}

const list = (reads: readonly Read[]) => reads.map(source).join(", ");

/** Infix signs of operators. */
const SIGNS: Readonly<Record<string, string>> = {
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  mod: "%",
  and: "&&",
  or: "||",
  in: "in",
};

function operation(name: string, args: readonly Read[]): string {
  const sign = Object.hasOwn(SIGNS, name) ? SIGNS[name] : undefined;
  return sign ? args.map(source).join(` ${sign} `) : `${name}(${list(args)})`;
}

/** The text of a step without blocks; `undefined` for one with blocks. */
function textOfStep(step: Step): string | undefined {
  const set = "number" in step ? `#${step.number} = ` : "";
  switch (step.kind) {
    case "call": {
      const member = step.member === undefined ? "" : path([step.member]);
      return `${set}${source(step.target)}${member}(${list(step.args)})`;
    }
    case "get":
      return `${set}${source(step.target)}${path(step.path)}`;
    case "object": {
      const fields = step.fields.map(([key, read]) => `${keyText(key)}: ${source(read)}`);
      return `${set}{ ${fields.join(", ")} }`;
    }
    case "array":
      return `${set}[${list(step.items)}]`;
    case "op":
      return set + operation(step.name, step.args);
    case "let":
    case "set": {
      const declared = step.kind === "let" ? "let " : "";
      return `${declared}${step.variable.name} = ${source(step.value)}`;
    }
    case "break":
    case "continue":
      return `if (${source(step.cond)}) ${step.kind}`;
    default:
      return undefined;
  }
}

const keyText = (key: string) => (isName(key) ? key : JSON.stringify(key));

class Writer {
  readonly lines: string[] = [];

  line(depth: number, text: string): void {
    this.lines.push(`${"  ".repeat(depth)}${text}`);
  }

  block(steps: readonly Step[], depth: number): void {
    for (const step of steps) {
      const text = textOfStep(step);
      if (text === undefined) this.#blocks(step, depth);
      else this.line(depth, text);
    }
  }

  #blocks(step: Step, depth: number): void {
    const set = "number" in step ? `#${step.number} = ` : "";
    switch (step.kind) {
      case "if":
        this.line(depth, `${set}if (${source(step.cond)}) {`);
        this.#inner(step.branches[0], step.values[0], depth);
        this.line(depth, "} else {");
        this.#inner(step.branches[1], step.values[1], depth);
        break;
      case "try":
        this.line(depth, `${set}try {`);
        this.#inner(step.steps, step.value, depth);
        this.line(depth, `} catch (${step.failure.name}) {`);
        this.#inner(step.catch, step.otherwise, depth);
        break;
      case "while":
        this.line(depth, `${set}while, at most ${step.max} times {`);
        this.block(step.test, depth + 1);
        this.line(depth, `} (${source(step.cond)}) {`);
        this.#inner(step.steps, step.value, depth);
        break;
      default:
        if ("over" in step) this.#forEach(step, set, depth);
    }
    this.line(depth, "}");
  }

  #forEach(step: Extract<Step, { readonly over: Read }>, set: string, depth: number): void {
    const index = step.index ? `, ${step.index.name}` : "";
    const sum = step.kind === "reduce" ? `${step.acc.name} = ${source(step.init)}, ` : "";
    const items = `${step.item.name}${index} of ${source(step.over)}`;
    this.line(depth, `${set}${step.kind} (${sum}${items}) {`);
    this.#inner(step.steps, step.value, depth);
  }

  #inner(steps: readonly Step[], value: Read, depth: number): void {
    this.block(steps, depth + 1);
    this.line(depth + 1, `=> ${source(value)}`);
  }
}
