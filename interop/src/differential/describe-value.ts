import type { World } from "./world.ts";

/**
 * Describes, as text, everything about a value that a program could observe. Reads streams and
 * calls stubs.
 */
export async function describeValue(world: World, value: any, depth = 0): Promise<string> {
  const { rpc } = world;
  const inner = (each: any) => describeValue(world, each, depth + 1);
  if (depth > 8) return "(deep)";
  if (Object.is(value, -0)) return "-0";
  if (value === null || (typeof value !== "object" && typeof value !== "function")) {
    return typeof value === "string" ? JSON.stringify(value) : `${typeof value} ${String(value)}`;
  }
  if (value instanceof rpc.RpcPromise)
    return `RpcPromise(${await attempt(async () => inner(await value))})`;
  if (value instanceof rpc.RpcStub) return `RpcStub{${await describeStub(value, inner)}}`;
  if (value instanceof Promise) return `Promise(${await attempt(async () => inner(await value))})`;
  if (value instanceof ReadableStream) return `readable [${await readAll(value, inner)}]`;
  if (value instanceof WritableStream) return `writable: ${await writeTo(value)}`;
  const name = className(value);
  if (value instanceof Date) return `Date ${value.getTime()}`;
  if (value instanceof URL) return `URL ${value.href}`;
  if (value instanceof ArrayBuffer) return `ArrayBuffer ${new Uint8Array(value)}`;
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return `${name} ${new Uint8Array(buffer, byteOffset, byteLength)}`;
  }
  if (value instanceof Headers) return `Headers ${JSON.stringify([...value])}`;
  if (value instanceof Request || value instanceof Response) {
    const { url, status, statusText, method } = value as any;
    const head = JSON.stringify({ url, status, statusText, method, headers: [...value.headers] });
    return `${name} ${head} ${await attempt(async () => JSON.stringify(await value.text()))}`;
  }
  if (value instanceof Blob) {
    return `${value instanceof File ? "File" : "Blob"} ${value.type} ${await value.text()}`;
  }
  const parts: string[] = [];
  for (const key of Reflect.ownKeys(value)) {
    if (value instanceof Error && key === "stack") continue;
    const descriptor = Reflect.getOwnPropertyDescriptor(value, key)!;
    const flags = ["enumerable", "writable", "configurable"].filter(
      (each) => !(descriptor as any)[each],
    );
    const shown =
      key === Symbol.dispose || (Array.isArray(value) && key === "length")
        ? "there"
        : await inner(value[key]);
    parts.push(`${String(key)}${flags.length > 0 ? ` (not ${flags})` : ""}: ${shown}`);
  }
  if (value instanceof Error) parts.push(`stack: ${/\n\s+at /.test(String(value.stack))}`);
  return `${name} {${parts.join(", ")}}`;
}

/** The outcome of a function, as text. */
export async function attempt(run: () => unknown): Promise<string> {
  try {
    return String(await run());
  } catch (error) {
    return `throws ${describeError(error)}`;
  }
}

function describeError(error: any): string {
  if (!(error instanceof Error)) return `${typeof error} ${String(error)}`;
  return `${className(error)} ${error.name}: ${error.message}`;
}

/** The name of a value's class. For an error, the name of its built-in class. */
function className(value: any): string {
  let prototype = Object.getPrototypeOf(value);
  while (
    value instanceof Error &&
    !((globalThis as any)[prototype.constructor.name] === prototype.constructor)
  ) {
    prototype = Object.getPrototypeOf(prototype);
  }
  return prototype?.constructor?.name ?? "(bare)";
}

async function describeStub(stub: any, inner: (value: any) => Promise<string>): Promise<string> {
  const name = await attempt(async () => inner(await stub.name));
  const called = await attempt(async () => inner(await stub("x")));
  return `name: ${name}, called: ${called}`;
}

async function readAll(stream: ReadableStream, inner: (value: any) => Promise<string>) {
  const chunks: string[] = [];
  const end = await attempt(async () => {
    const reader = stream.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return "end";
      chunks.push(await inner(value));
    }
  });
  return [...chunks, end].join(", ");
}

async function writeTo(stream: WritableStream): Promise<string> {
  return attempt(async () => {
    const writer = stream.getWriter();
    writer.closed.catch(() => {});
    const written = await attempt(() => writer.write("chunk"));
    return `${written}, ${await attempt(() => writer.close())}`;
  });
}
