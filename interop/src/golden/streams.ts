import {
  abort,
  call,
  cancel,
  close,
  dispose,
  events,
  type GoldenScene,
  get,
  list,
  local,
  read,
  readOne,
  scene,
  serverEvents,
  settle,
  wait,
  write,
  writeAhead,
} from "./scene.ts";

const f = ["streams"] as const;

/**
 * The deviation of a stream whose idle source learns that its reader is gone. The reference tells
 * it nothing.
 */
const tellsIdleSource = (side: "client" | "server") =>
  ({ side, why: "we tell an idle source that its reader is gone", isHarmless: true }) as const;

export const streamScenes: readonly GoldenScene[] = [
  scene("stream: from the server, read to its end", f, [
    call("stream", "api.stream", "numbers", 3),
    wait("stream"),
    read("stream"),
    settle,
  ]),
  scene("stream: from the server, empty", f, [
    call("stream", "api.stream", "numbers", 0),
    wait("stream"),
    read("stream"),
    settle,
  ]),
  scene("stream: from the server, of bytes", f, [
    call("stream", "api.stream", "bytes", 2),
    wait("stream"),
    read("stream"),
    settle,
  ]),
  scene(
    "stream: from the server, and it breaks",
    ["streams", "errors"],
    [call("stream", "api.stream", "broken", 1), wait("stream"), read("stream"), settle],
    { isRace: true },
  ),
  scene(
    "stream: from the server, canceled",
    f,
    [
      call("stream", "api.stream", "numbers", 5),
      wait("stream"),
      readOne("stream"),
      cancel("stream", "enough"),
      ...serverEvents,
    ],
    { isRace: true, deviates: tellsIdleSource("client") },
  ),
  scene("stream: from the server, never read", f, [
    call("stream", "api.stream", "numbers", 3),
    wait("stream"),
    settle,
    cancel("stream", "not wanted"),
    ...serverEvents,
  ]),
  scene(
    "stream: from the server, its promise never awaited",
    f,
    [call("stream", "api.stream", "numbers", 3), settle, dispose("stream"), ...serverEvents],
    { ownWording: true },
  ),
  scene(
    "stream: of counters",
    ["streams", "capabilities"],
    [
      call("stream", "api.stream", "counters", 2),
      wait("stream"),
      readOne("stream", "first"),
      call("one", "first.increment", 10),
      wait("one"),
      dispose("first"),
      settle,
      readOne("stream", "second"),
      dispose("second"),
      readOne("stream"),
      ...serverEvents,
    ],
  ),
  scene(
    "stream: two at once",
    f,
    [
      call("a", "api.stream", "numbers", 2),
      call("b", "api.stream", "numbers", 2),
      wait("a", "b"),
      read("a"),
      read("b"),
      settle,
    ],
    { isRace: true },
  ),
  scene(
    "stream: of the client's, read by the server",
    f,
    [
      call(
        "chunks",
        "api.read",
        local("readable", list("a", { b: ["date", 0] }, ["bytes", "AQI"])),
      ),
      wait("chunks"),
      settle,
    ],
    { isPiped: true },
  ),
  scene(
    "stream: of the client's, canceled by the server on the way",
    f,
    [
      call("chunks", "api.read", local("readable", list("a", "b", "c")), 1),
      wait("chunks"),
      settle,
      events,
    ],
    { isRace: true, isPiped: true, deviates: tellsIdleSource("server") },
  ),
  scene(
    "stream: of the client's, larger than the window",
    f,
    [
      call("back", "api.use", local("readable", list(local("text", 263_000), "b")), "nothing"),
      wait("back"),
      settle,
      events,
    ],
    { isRace: true, isPiped: true, deviates: tellsIdleSource("server") },
  ),
  scene("stream: of the client's, empty", f, [
    call("chunks", "api.read", local("readable", list())),
    wait("chunks"),
    settle,
  ]),
  scene(
    "stream: of the client's, and it breaks",
    ["streams", "errors"],
    [
      call("chunks", "api.read", local("readable", list("a"), "the client's stream broke")),
      wait("chunks"),
      settle,
    ],
    { isRace: true, isPiped: true },
  ),
  scene(
    "stream: of the client's, never read by the server",
    f,
    [
      call("back", "api.use", local("readable", list("a", "b")), "nothing"),
      wait("back"),
      settle,
      events,
    ],
    { isRace: true, isPiped: true, deviates: tellsIdleSource("server") },
  ),
  scene(
    "stream: of the client's, deep in an argument",
    f,
    [
      call("back", "api.use", { a: list(local("readable", list("a"))) }, "nothing"),
      wait("back"),
      settle,
      events,
    ],
    { isRace: true, isPiped: true, deviates: tellsIdleSource("server") },
  ),
  scene("stream: written to the server", f, [
    call("sink", "api.sink", "collecting"),
    wait("sink"),
    write("sink", "a", list(1), { when: ["date", 0] }),
    close("sink"),
    settle,
    call("collected", "api.collected"),
    wait("collected"),
    ...serverEvents,
  ]),
  scene("stream: written ahead", f, [
    call("sink", "api.sink", "collecting"),
    wait("sink"),
    writeAhead("sink", 1, 2, 3),
    close("sink"),
    settle,
    call("collected", "api.collected"),
    wait("collected"),
  ]),
  scene("stream: a window full, the next chunk waits", f, [
    call("sink", "api.sink", "collecting"),
    wait("sink"),
    writeAhead("sink", local("text", 263_000), "small", "smaller"),
    settle,
    close("sink"),
    settle,
    ...serverEvents,
  ]),
  scene("stream: aborted by the writer", f, [
    call("sink", "api.sink", "collecting"),
    wait("sink"),
    write("sink", "a"),
    abort("sink", "changed my mind"),
    ...serverEvents,
  ]),
  scene("stream: a window full, and the writer aborts", f, [
    call("sink", "api.sink", "collecting"),
    wait("sink"),
    writeAhead("sink", local("text", 263_000), "small"),
    abort("sink", "changed my mind"),
    ...serverEvents,
  ]),
  scene(
    "stream: a sink that fails is closed",
    ["streams", "errors"],
    [
      call("sink", "api.sink", "broken"),
      wait("sink"),
      writeAhead("sink", "a", "b"),
      settle,
      close("sink"),
      settle,
    ],
    {
      deviates: {
        side: "client",
        why: "the reference says that the stream is closed, we why it failed",
      },
    },
  ),
  scene(
    "stream: let go without being closed",
    f,
    [
      call("sink", "api.sink", "collecting"),
      wait("sink"),
      write("sink", "a"),
      dispose("sink"),
      ...serverEvents,
    ],
    { ownWording: true },
  ),
  scene(
    "stream: the server's sink fails",
    ["streams", "errors"],
    [call("sink", "api.sink", "broken"), wait("sink"), write("sink", "a"), settle],
  ),
  scene("stream: the server writes to the client's", f, [
    call("written", "api.write", local("writable"), "a", { b: 2 }),
    wait("written"),
    settle,
    events,
  ]),
  scene(
    "stream: the server writes to one of the client's that fails",
    ["streams", "errors"],
    [
      call("written", "api.write", local("writable", "broken"), "a", "b"),
      wait("written"),
      settle,
      events,
    ],
    {
      isRace: true,
      deviates: {
        side: "server",
        why: "the reference reports a failed write only when all later writes are answered",
        isHarmless: true,
      },
    },
  ),
  scene(
    "stream: of the client's to write to, never used",
    f,
    [call("back", "api.use", local("writable"), "nothing"), wait("back"), settle, events],
    { ownWording: true },
  ),
  scene(
    "stream: stubs in chunks",
    ["streams", "capabilities"],
    [
      call("chunks", "api.read", local("readable", list(local("double")))),
      wait("chunks"),
      settle,
      dispose("chunks"),
      settle,
    ],
    { isPiped: true },
  ),
  scene(
    "stream: the session ends while it is read",
    f,
    [
      call("stream", "api.stream", "numbers", 5),
      wait("stream"),
      readOne("stream"),
      dispose("api"),
      read("stream"),
      settle,
    ],
    {
      deviates: {
        side: "client",
        why: "we say that the session is over, the reference that a stub is",
      },
    },
  ),
  scene(
    "stream: no pipelining on a sink",
    ["streams", "errors"],
    [call("sink", "api.sink", "collecting"), get("part", "sink.locked"), wait("part"), settle],
    { ownWording: true },
  ),
];
