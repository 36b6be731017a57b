import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { messageLike, value } from "../../testkit/src/arbitraries/index.ts";
import { PLACES } from "../src/extensions/parts.ts";
import {
  ALL_DOCUMENTS,
  DEFAULT_LIMITS,
  Decoder,
  type Documents,
  Encoder,
  ExpressionError,
  type Frame,
  LimitError,
  type Message,
  MessageReader,
  MessageSyntaxError,
  ProtocolError,
  parseMessage,
  TAGS,
  writeFrames,
} from "../src/index.ts";
import { sessionlessTable } from "../src/sessionless.ts";

const bytes = (length: number, filler = 1) => new Uint8Array(length).fill(filler);

/** The messages in frames, with plain bytes. */
function read(frames: readonly Frame[], reader = new MessageReader()) {
  return frames.flatMap((frame) =>
    reader.read(frame).map((each) => ({
      message: each.message,
      bytes: each.bytes.map((part) => new Uint8Array(part)),
    })),
  );
}

const call = (...args: unknown[]): Message => ["push", ["pipeline", 0, ["save"], args]];
const refer = (length: number) => ["bytes", length];

describe("a MessageReader", () => {
  test("reads every message that parseMessage reads", () => {
    for (const text of ['["pull",1]', '["pipe"]', '["push",{"a":[[1]]}]']) {
      expect(read([text])).toEqual([{ message: parseMessage(text, DEFAULT_LIMITS), bytes: [] }]);
    }
  });

  test("reads joined messages, even of texts that are split in portions", () => {
    const text = "x".repeat(100);
    const messages = Array.from({ length: 2_000 }, (_, i): Message => ["resolve", i, text]);
    const joined = messages.map((each) => JSON.stringify(each)).join("\n");
    expect(read([joined]).map(({ message }) => message)).toEqual(messages);
  });

  test("treats newlines within a message as space", () => {
    expect(read(['["push",\n[[1,\n2]\n]\n]'])[0]?.message).toEqual(["push", [[1, 2]]]);
  });

  test("gives each message the bytes that it refers to", () => {
    const first = call(refer(3), { a: refer(2) });
    const second = call(1);
    const third: Message = ["resolve", 1, [[refer(4)]]];
    const text = [first, second, third].map((each) => JSON.stringify(each)).join("\n");
    expect(read([bytes(3, 3), bytes(2, 2), bytes(4, 4), text, '["pull",1]'])).toEqual([
      { message: first, bytes: [bytes(3, 3), bytes(2, 2)] },
      { message: second, bytes: [] },
      { message: third, bytes: [bytes(4, 4)] },
      { message: ["pull", 1], bytes: [] },
    ]);
  });

  test("accepts bytes as an ArrayBuffer, as WebSockets deliver them", () => {
    expect(read([bytes(3).buffer, JSON.stringify(call(refer(3)))])[0]?.bytes).toEqual([bytes(3)]);
  });

  test("reads the trees of media that clone messages", () => {
    const when = new Date(5);
    expect(read([["resolve", 1, when]])).toEqual([{ message: ["resolve", 1, when], bytes: [] }]);
  });

  test.each<[string, readonly Frame[], RegExp]>([
    ["bytes that nothing refers to", [bytes(3), '["pull",1]'], /unused/],
    ["bytes of another length", [bytes(3), JSON.stringify(call(refer(4)))], /of 4 bytes/],
    ["bytes that didn't come", [JSON.stringify(call(refer(4)))], /of 4 bytes/],
    ["a frame of no bytes", [bytes(0)], /empty/],
    ["a message of an unknown kind", ['["teleport"]'], /bad RPC message/],
    ["a tree that isn't a message", [["pull", "x"]], /bad RPC message/],
    ["an empty line", ['["pull",1]\n["pull",2]\n'], /JSON/],
  ])("refuses %s", (_, frames, expected) => {
    expect(() => read(frames)).toThrow(expected);
  });

  test("keeps limits, including bytes that wait for their text", () => {
    const reader = () =>
      new MessageReader({ limits: { maxMessageSize: 2_000, maxFrameSize: 3_000, maxDepth: 8 } });
    const long = JSON.stringify(call("x".repeat(2_000)));
    const deep = `["push",${"[[".repeat(9)}1${"]]".repeat(9)}]`;
    const joined = Array(400).fill('["pull",1]').join("\n");
    for (const frames of [[long], [deep], [joined], [bytes(1_000), bytes(1_001)]]) {
      expect(() => read(frames, reader())).toThrow(LimitError);
    }
    const many = Array.from({ length: 4 }, () => bytes(1));
    expect(() => read(many, reader())).toThrow(LimitError);
  });

  test("doesn't mistake a path, a map() or text for bytes", () => {
    const messages: Message[] = [
      ["push", ["pipeline", 0, ["bytes", 3]]],
      ["push", ["remap", 0, ["bytes", 3], [["import", 1]], [["bytes", 3]]]],
      ["push", ["error", "bytes", "3"]],
      ["push", ["bytes", "AQID"]],
      ["push", [["bytes", 3]]],
      ["push", ["app:pair", [["bytes", 3]]]],
      ["push", ["constructor", ["bytes", 3]]],
    ];
    for (const message of messages) {
      expect(read([JSON.stringify(message)])).toEqual([{ message, bytes: [] }]);
    }
  });

  test("finds bytes among the operands of an application's own value type", () => {
    const message: Message = [
      "push",
      ["app:map", [["bytes", 5], ["key", ["bytes", 3]], [[["bytes", 2]]]], { a: ["bytes", 1] }],
    ];
    const attached = [bytes(3), bytes(2), bytes(1)];
    expect(read(writeFrames([{ message, bytes: attached }]))).toEqual([
      { message, bytes: attached },
    ]);
  });

  test("mistakes nothing in plain JSON for bytes", () => {
    const messages: Message[] = [
      ["push", ["json", ["bytes", 3]]],
      call(["json", [["bytes", 3], { a: ["bytes", 3], b: [["bytes", 3]] }]]),
      ["resolve", 1, ["table", { a: ["json", [["bytes", 3]]] }]],
      ["resolve", 1, ["app:pair", ["json", [["bytes", 3]]]]],
      ["resolve", 1, ["error", "Error", "m", null, { a: ["json", [["bytes", 3]]] }]],
    ];
    for (const message of messages) {
      expect(read([JSON.stringify(message)])).toEqual([{ message, bytes: [] }]);
      // A frame of that length belongs to nothing.
      expect(() => read([bytes(3), JSON.stringify(message)])).toThrow(/unused/);
    }
  });

  test("gives the bytes in a table column by column, also those in members that are dropped", () => {
    const message = call([
      [
        [
          "table",
          {
            a: [[refer(1), [], refer(2)]],
            toString: [[refer(3), [[refer(4)]], []]],
            b: ["table", { c: [[refer(5), { d: refer(6) }, []]], e: ["json", [1, 2, refer(1)]] }],
            f: ["json", [refer(1), [], 0]],
            g: [[["json", [refer(1)]], [], refer(7)]],
          },
        ],
        refer(8),
      ],
    ]);
    const attached = [1, 2, 3, 4, 5, 6, 7, 8].map((length) => bytes(length));
    const frames = writeFrames([{ message, bytes: attached }]);
    expect(read(frames)).toEqual([{ message, bytes: attached }]);
    const taken = new TakingDecoder();
    taken.decode(JSON.parse(JSON.stringify((message as any)[1][3][0])), {}, "");
    expect(taken.lengths).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("limits the depth of plain JSON as that of other expressions", () => {
    const reader = () => new MessageReader({ limits: { maxDepth: 8 } });
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    const messageWith = (tree: unknown) => [JSON.stringify(["resolve", 1, ["json", tree]])];
    expect(read(messageWith(nested(8)), reader())).toHaveLength(1);
    expect(() => read(messageWith(nested(9)), reader())).toThrow(LimitError);
    const column = JSON.stringify(["resolve", 1, ["table", { a: ["json", [nested(7)]] }]]);
    expect(() => read([column], reader())).toThrow(LimitError);
  });

  test("knows the parts of every expression of the protocol", () => {
    expect([...PLACES.keys()].sort()).toEqual([...TAGS].sort());
  });

  test("throws only typed errors at any frame", () => {
    const frame = fc.oneof(
      fc.string(),
      fc.uint8Array({ maxLength: 20 }),
      fc
        .array(messageLike, { maxLength: 3 })
        .map((all) => all.map((m) => JSON.stringify(m)).join("\n")),
      messageLike.map((tree) => tree as readonly unknown[]),
    );
    const typed = [ExpressionError, LimitError, MessageSyntaxError, ProtocolError];
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 4 }), (frames) => {
        try {
          read(frames);
        } catch (error) {
          if (!typed.some((each) => error instanceof each)) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["ordinary expressions", undefined],
    ["documents", ALL_DOCUMENTS],
  ])(
    "gives bytes in the order in which sessions take them, wherever they stand: %s",
    (_, documents) => {
      const source = fc.letrec((tie) => ({
        cell: fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 5 }), value),
        value: fc.oneof(
          { depthSize: "small" },
          fc.uint8Array({ minLength: 1, maxLength: 5 }),
          value,
          fc.array(tie("value"), { maxLength: 3 }),
          fc.tuple(tie("cell"), tie("cell")).map(([a, b]) => Array(16).fill({ a, b, c: { a } })),
          fc.dictionary(fc.string({ maxLength: 3 }), tie("value"), {
            maxKeys: 3,
            noNullPrototype: true,
          }),
          tie("value").map((cause) => new Error("m", { cause })),
        ),
      })).value;
      fc.assert(
        fc.property(source, (original) => {
          const encoder = new AttachingEncoder(documents);
          const message: Message = ["resolve", 1, encoder.encode(original)];
          const frames = [...encoder.attached, JSON.stringify(message)];
          const [only] = read(frames);
          const taken = new TakingDecoder();
          taken.decode((JSON.parse(JSON.stringify(message)) as Message)[2], {}, "");
          expect(only!.bytes.map((each) => each.length)).toEqual(taken.lengths);
          expect(only!.bytes).toEqual(encoder.attached);
        }),
        { numRuns: 500 },
      );
    },
  );
});

describe("writeFrames", () => {
  test("joins messages, and puts bytes before the text with their message", () => {
    const messages = [
      { message: ["pull", 1] as const, bytes: [] },
      { message: ["pull", 2] as const, bytes: [] },
      { message: call(refer(3), refer(2)), bytes: [bytes(3), bytes(2)] },
      { message: ["pull", 3] as const, bytes: [] },
    ];
    const frames = writeFrames(messages, { maxFrameSize: 1_000 });
    expect(frames).toEqual([
      '["pull",1]\n["pull",2]',
      bytes(3),
      bytes(2),
      `${JSON.stringify(messages[2]!.message)}\n["pull",3]`,
    ]);
    expect(read(frames)).toEqual(messages);
  });

  test("joins messages only if asked to, and only as many as fit", () => {
    const messages = Array.from({ length: 4 }, () => ({ message: ["pipe"] as const, bytes: [] }));
    expect(writeFrames(messages)).toEqual(Array(4).fill('["pipe"]'));
    expect(writeFrames(messages, { maxFrameSize: 20 })).toEqual(
      Array(2).fill('["pipe"]\n["pipe"]'),
    );
    expect(writeFrames([])).toEqual([]);
  });

  test("refuses bytes that the message doesn't refer to", () => {
    for (const attached of [[], [bytes(2)], [bytes(3), bytes(3)]]) {
      expect(() => writeFrames([{ message: call(refer(3)), bytes: attached }])).toThrow(
        ProtocolError,
      );
    }
  });
});

/** Attaches all bytes, as a session does to a peer that takes them. */
class AttachingEncoder extends Encoder {
  readonly attached: Uint8Array[] = [];

  constructor(documents: Documents | undefined) {
    super(sessionlessTable, "string", { errorProperties: "all", documents });
  }

  attach(part: Uint8Array): boolean {
    if (part.length > 0) this.attached.push(new Uint8Array(part));
    return part.length > 0;
  }
}

/** Notes the lengths of attached bytes in the order in which they are taken. */
class TakingDecoder extends Decoder {
  readonly lengths: number[] = [];

  constructor() {
    super(sessionlessTable, "string", DEFAULT_LIMITS);
  }

  takeAttached(length: number): Uint8Array {
    this.lengths.push(length);
    return new Uint8Array(length);
  }

  override defer(): never {
    throw new Error("not without a session");
  }
}
