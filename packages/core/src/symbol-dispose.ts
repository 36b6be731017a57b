// Browsers without explicit resource management have no `Symbol.dispose`. Transpiled `using`
// declarations look for the same property, so it has to be the real one.
const symbols = Symbol as { dispose?: symbol; asyncDispose?: symbol };
for (const name of ["dispose", "asyncDispose"] as const) {
  if (symbols[name] === undefined) {
    Object.defineProperty(Symbol, name, { value: Symbol.for(`Symbol.${name}`) });
  }
}
