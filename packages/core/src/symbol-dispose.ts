// Browsers without explicit resource management have no `Symbol.dispose`. Transpiled `using`
// declarations look for the same property, so it has to be the real one.
const symbols = Symbol as { dispose?: symbol; asyncDispose?: symbol };
symbols.dispose ??= Symbol.for("Symbol.dispose");
symbols.asyncDispose ??= Symbol.for("Symbol.asyncDispose");
