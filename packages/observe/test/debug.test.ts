import { callOptions, RpcTarget } from "@capnweb/core";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  type DebugOptions,
  debugMessages,
  type Redact,
  redactByName,
  trackCapabilities,
} from "../src/debug/index.ts";
import { observe } from "../src/index.ts";
import { introducedIn } from "../src/messages/introductions.ts";
import { connectInMemory } from "./support/memory.ts";

class User extends RpcTarget {
  readonly #name: string;
  constructor(name: string) {
    super();
    this.#name = name;
  }
  name() {
    return this.#name;
  }
}

class Api extends RpcTarget {
  user(name: string) {
    return new User(name);
  }
  users() {
    return [{ name: "Ada", password: "countess", born: new Date(0), key: new Uint8Array(12) }];
  }
  login(_name: string, _password: string, _options?: unknown) {
    return { token: "secret token", ok: true };
  }
  fails() {
    throw new RangeError("out of range");
  }
  async each(callback: (value: number) => unknown) {
    await callback(1);
  }
  sum(stream: ReadableStream) {
    return stream.cancel();
  }
}

/** Options of sessions without extensions. */
const PLAIN = { announce: false };

/** Prints into a list, until the test is over. */
function debug(options: DebugOptions = {}) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const stop = debugMessages({ enabled: true, print, ...options });
  onTestFinished(stop);
  return {
    lines,
    /** The lines without session and time. */
    get words() {
      return lines.map((line) =>
        line.replace(/^s\d+ +\d+ ms /, "").replace(/after [\d.]+ ms/, "after T"),
      );
    },
  };
}

test("each message is explained, with the calls that it refers to", async () => {
  const printed = debug();
  const { api, link } = connectInMemory(new Api(), {
    client: { ...observe(), announce: false },
    server: PLAIN,
  });
  expect(await api.user("Ada").name()).toBe("Ada");
  await api.each((value: number) => value + 1);
  await api.users().map((user: any) => user.name);
  await api.fails().then(undefined, () => {});
  await link.settle();
  api[Symbol.dispose]();
  expect(printed.words).toEqual([
    "== session over other starts",
    '-> call #1 user("Ada")',
    "-> call #2 name() on the result of #1",
    "-> asks for the result of #2",
    '<- result of #2 name after T: "Ada"',
    "-> releases the result of #2",
    "-> call #3 each(<our capability 1>)",
    "-> asks for the result of #3",
    "<- call peer's #1 it(1) on our capability 1",
    "<- asks for the result of peer's #1",
    "-> result of peer's #1 after T: 2",
    "<- releases the result of peer's #1",
    "<- releases our capability 1",
    "<- result of #3 each after T: undefined",
    "-> releases the result of #3",
    "-> call #4 users()",
    "-> call #5 map(… 1 steps) on the result of #4",
    "-> asks for the result of #5",
    "<- result of #5 after T: [<the peer's promise 1>]",
    "-> releases the result of #5",
    '<- result of the peer\'s capability 1: "Ada"',
    "-> releases the peer's capability 1",
    "-> call #6 fails()",
    "-> asks for the result of #6",
    "<- failure of #6 fails after T: RangeError: out of range",
    "-> releases the result of #6",
    "== session ends: Error: RPC session was shut down by disposing the main stub",
  ]);
});

test("extensions are explained as well: announcements, contexts, joined messages", async () => {
  const printed = debug();
  const { api } = connectInMemory(new Api(), { client: observe() });
  await api.users();
  using quick = callOptions(api, { metadata: { tenant: "acme", session_token: "abc" } }) as any;
  await Promise.all([quick.users(), quick.users()]);
  const text = printed.words.join("\n");
  expect(text).toContain('-> knows ["calls", "frames"');
  expect(text).toContain(
    '-> the context of the calls from now on: { metadata: { tenant: "acme", session_token: <redacted> }, as: 0 }',
  );
  expect(text).toContain('[{ name: "Ada", password: <redacted>, born: <1970-01-01T00:00:00.000Z>');
  expect(text).toContain("key: <12 bytes> }]");
  expect(text).not.toContain("abc");
});

test("100 messages are 100 lines, each short and with its session and time", async () => {
  const printed = debug();
  const options = { client: { ...observe(), announce: false }, server: PLAIN };
  const one = connectInMemory(new Api(), options).api;
  const two = connectInMemory(new Api(), options).api;
  const long = "long".repeat(10_000);
  const deep = { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } };
  for (let i = 0; i < 13; i++) {
    await one.login(
      long,
      "",
      Array.from({ length: 500 }, () => deep),
    );
    await two.login("a\nb\u001b[2J", "");
  }
  expect(printed.lines).toHaveLength(2 + 26 * 4);
  for (const line of printed.lines) {
    expect(line).toMatch(/^s[12] +\d+ ms (->|<-|==) /);
    expect(line.length).toBeLessThan(1000);
    expect(line).not.toMatch(/\p{Cc}/u);
  }
});

/** The forms in which a peer may send the same list of users. */
const USERS = {
  ordinary: [[{ name: "Ada", password: "countess", logins: [[{ pin: 1 }, [["date", 0]]]] }]],
  json: ["json", [{ name: "Ada", password: "countess", logins: [{ pin: 1 }, ["date", 0]] }]],
  table: [
    "table",
    {
      name: [["Ada"]],
      password: ["json", ["countess"]],
      logins: ["json", [[{ pin: 1 }, ["date", 0]]]],
    },
  ],
};

test.each(Object.entries(USERS))("members are redacted in any form: %s", async (_, list) => {
  const places: string[] = [];
  const printed = debug({
    redact(value, place) {
      places.push(`${place.path.join(".")} ${JSON.stringify(value)}`);
      return redactByName(value, place);
    },
  });
  const { link } = connectInMemory(new Api(), { server: observe(), client: PLAIN });
  for (const message of [
    ["push", ["pipeline", 0, ["login"], [list, { token: list }]]],
    ["push", list],
    ["reject", -7, list],
  ]) {
    link.client.send(JSON.stringify(message));
  }
  await link.settle();
  const text = printed.words.join("\n");
  const logins = 'logins: [{ pin: <redacted> }, ["date", 0]]';
  const shown = `[{ name: "Ada", password: <redacted>, ${logins} }]`;
  expect(text).toContain(`login(${shown}, { token: <redacted> })`);
  expect(text).toContain(`of a value: ${shown}`);
  expect(text).toContain(`failure of the peer's capability 7: ${shown}`);
  expect(text).not.toContain("countess");
  expect(places).toContain('0.0.password "countess"');
  // A function that looks at a whole value gets the same one, whatever the form.
  expect(places).toContain(`0 ${JSON.stringify(USERS.ordinary)}`);
  expect(places.filter((place) => /\["(json|table)",/.test(place))).toEqual([]);
});

test("documents that our sessions send are told like other values", async () => {
  class Lists extends RpcTarget {
    users() {
      return Array.from({ length: 20 }, (_, id) => ({ id, tags: ["new"], password: "countess" }));
    }
  }
  const printed = debug();
  const { api } = connectInMemory(new Lists(), { client: observe(), server: observe() });
  // The first answer may leave before an announcement has arrived.
  for (let i = 0; i < 3; i++) expect(await api.users()).toHaveLength(20);
  const answers = printed.words.filter((line) => /result of .*#\d users after/.test(line));
  expect(answers).toHaveLength(6);
  for (const line of answers) {
    expect(line).toContain('[{ id: 0, tags: ["new"], password: <redacted> }, { id: 1, ');
    expect(line).toMatch(/… 12 more\]$/);
  }
});

test.each([
  ["a malformed table", ["table", { password: [["countess"]], id: [[1, 2]] }]],
  ["a table within a malformed one", ["table", { a: [{ password: "countess" }] }]],
  ["a column of another form", ["table", { a: ["password", "countess"] }]],
  ["plain JSON that is none", { a: ["json"], password: "countess" }],
])("nothing of %s is shown", async (_, expression) => {
  const printed = debug();
  const { link } = connectInMemory(new Api(), { server: observe(), client: PLAIN });
  link.client.send(JSON.stringify(["push", ["pipeline", 0, ["login"], ["countess", expression]]]));
  await link.settle();
  const received = printed.words.filter((line) => line.startsWith("<-"));
  expect(received).toEqual(["<- a message with a malformed document: push"]);
  // Neither by the reason for the end.
  expect(printed.words.join("\n")).not.toContain("countess");
});

test("the application's function redacts, by the method and the place of a value", async () => {
  const places: string[] = [];
  const redact: Redact = (value, place) => {
    places.push(`${place.method} ${place.part} ${place.path.join(".")}`);
    if (place.method === "login" && place.path[0] === 1) return "<hidden>";
    return redactByName(value, place);
  };
  const printed = debug({ redact });
  const { api } = connectInMemory(new Api(), {
    client: { ...observe(), announce: false },
    server: PLAIN,
  });
  await api.login("ada", "countess", { deep: { secret: "x" } });
  const text = printed.words.join("\n");
  expect(text).toContain('login("ada", <hidden>, { deep: { secret: <redacted> } })');
  expect(text).toContain("result of #1 login after T: { token: <redacted>, ok: true }");
  expect(places).toContain("login arguments 2.deep.secret");
});

test("a redactor that throws shows nothing, and a printer that throws fails no call", async () => {
  const printed = debug({
    redact() {
      throw new Error("no");
    },
  });
  const { api } = connectInMemory(new Api(), {
    client: { ...observe(), announce: false },
    server: PLAIN,
  });
  await api.login("ada", "countess");
  expect(printed.words.join("\n")).not.toContain("ada");
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => error.mockRestore());
  debug({
    print() {
      throw new Error("full");
    },
  });
  await api.login("ada", "countess");
  expect(error).toHaveBeenCalled();
});

test("frames that can't be read are told, and the next ones are read", async () => {
  const printed = debug();
  const { link } = connectInMemory(new Api(), { server: { ...observe(), announce: false } });
  link.client.send("}{");
  await link.settle();
  expect(printed.words.join("\n")).toContain("<- a frame that can't be read: SyntaxError");
});

test("the environment decides unless the option does", () => {
  const print = vi.spyOn(console, "debug").mockImplementation(() => {});
  onTestFinished(() => print.mockRestore());
  const prints = async () => {
    const stop = debugMessages();
    await connectInMemory(new Api(), { client: observe() }).api.users();
    stop();
    const hasPrinted = print.mock.calls.length > 0;
    print.mockClear();
    return hasPrinted;
  };
  return (async () => {
    vi.stubEnv("CAPNWEB_DEBUG", "");
    expect(await prints()).toBe(false);
    vi.stubEnv("CAPNWEB_DEBUG", "0");
    expect(await prints()).toBe(false);
    vi.stubEnv("CAPNWEB_DEBUG", "1");
    expect(await prints()).toBe(true);
    vi.unstubAllEnvs();
  })();
});

test("capabilities are listed by age, with the call that handed them over", async () => {
  const capabilities = trackCapabilities();
  onTestFinished(() => capabilities.stop());
  const { api, link } = connectInMemory(new Api(), {
    client: { ...observe(), announce: false },
    server: PLAIN,
  });
  const user = await api.user("Ada");
  const listener = () => {};
  void api.each(listener).then();
  await link.settle();
  const rows = () => capabilities.rows().map(({ holder, kind, from }) => [holder, kind, from]);
  expect(rows()).toEqual([["us", "stub", "result of user()"]]);
  expect(capabilities.rows()[0]!.age).toBeGreaterThanOrEqual(0);
  expect(capabilities.text()).toMatch(/^ +\d+\.\d s {2}we hold: stub, result of user\(\)$/);
  const kept = api.user("Grace");
  await link.settle();
  expect(rows()).toContainEqual(["us", "result", "call of user()"]);
  kept[Symbol.dispose]();
  user[Symbol.dispose]();
  await link.settle();
  expect(rows()).toEqual([]);
  api[Symbol.dispose]();
});

test("capabilities are found in expressions, and not in lists that look like one", () => {
  const cells = [["export", -1], [], ["json", [["export", -9]]], ["promise", -2]];
  const table = ["table", { a: [cells], b: ["json", [["export", -9], 1, ["promise", -9], []]] }];
  const idsIn = (expression: unknown) => introducedIn(expression).map(({ id }) => id);
  expect(idsIn([[table, ["json", ["writable", -9]]]])).toEqual([-1, -2]);
  expect(idsIn(["remap", 0, ["x"], [["export", -3]], [["export", -9]]])).toEqual([-3]);
  expect(idsIn(["pipeline", 0, ["export", -9], [["export", -4]]])).toEqual([-4]);
});

test("a peer that hands over 20,000 capabilities fills no table", async () => {
  const capabilities = trackCapabilities();
  onTestFinished(() => capabilities.stop());
  class Many extends RpcTarget {
    all() {
      return Array.from({ length: 20_000 }, () => new User("Ada"));
    }
  }
  const { api } = connectInMemory(new Many(), {
    client: { ...observe(), announce: false, limits: "trusted" },
  });
  await api.all();
  expect(capabilities.rows().length).toBeLessThanOrEqual(10_000);
  expect(capabilities.text(3).split("\n")).toHaveLength(4);
});
