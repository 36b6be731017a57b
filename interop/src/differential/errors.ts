import type { Kind } from "./world.ts";

class CustomError extends Error {
  override name = "CustomError";
}

class NamelessError extends TypeError {
  extra = 1;
}

const self = () => {
  const error = new Error("refers to itself");
  return Object.assign(error, { self: error });
};

/** Errors, by their peculiarity. */
const makers: Readonly<Record<string, () => unknown>> = {
  "an Error": () => new Error("plain"),
  "a TypeError": () => new TypeError("type"),
  "an EvalError": () => new EvalError("eval"),
  "an error of a class of one's own": () => new CustomError("custom"),
  "an error of a class without a name": () => new NamelessError("nameless"),
  "an error with another name": () => Object.assign(new Error("renamed"), { name: "Renamed" }),
  "an error with a built-in's name": () =>
    Object.assign(new Error("renamed"), { name: "RangeError" }),
  "an error without a message": () => new Error(),
  "an error without a stack": () => {
    const error = new Error("no stack");
    delete error.stack;
    return error;
  },
  "an error with properties": () =>
    Object.assign(new Error("with"), { code: "E_CODE", list: [1], date: new Date(0) }),
  "an error with a property that can't travel": () =>
    Object.assign(new Error("with"), { map: new Map(), fine: 1 }),
  "an error with a cause": () => new Error("outer", { cause: new RangeError("inner") }),
  "an error with a cause that can't travel": () => new Error("outer", { cause: Symbol("s") }),
  "an error with undefined as its cause": () => new Error("outer", { cause: undefined }),
  "an AggregateError": () => new AggregateError([new Error("one"), 2], "several"),
  "an error that refers to itself": self,
  "a DOMException": () => new DOMException("aborted", "AbortError"),
  "an error whose message is no text": () =>
    Object.defineProperty(new Error("x"), "message", { value: 5 }),
  "an error whose name throws": () =>
    Object.defineProperty(new Error("x"), "name", {
      get() {
        throw new Error("the name threw");
      },
    }),
};

export const errorKinds: readonly Kind[] = Object.entries(makers).map(([name, make]) => ({
  name,
  make,
}));
