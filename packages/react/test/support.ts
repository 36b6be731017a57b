import { RpcSession, type RpcStub, RpcTarget } from "@capnweb/core";
import { createMemoryLink } from "@capnweb/testkit";
import { Component, createElement, type ReactNode, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { onTestFinished } from "vitest";
import { RpcCache, RpcCacheProvider } from "../src/index.ts";

/** The server's notes. */
export class Log {
  calls = 0;
  disposed = 0;
  opened = 0;
  cancelled = 0;
}

class Note extends RpcTarget {
  readonly #text: string;
  readonly #log: Log;
  constructor(text: string, log: Log) {
    super();
    this.#text = text;
    this.#log = log;
  }
  text() {
    return this.#text;
  }
  [Symbol.dispose]() {
    this.#log.disposed++;
  }
}

export class Api extends RpcTarget {
  readonly #log: Log;
  #streams: ReadableStreamDefaultController<number>[] = [];
  constructor(log: Log) {
    super();
    this.#log = log;
  }
  greet(name: string) {
    this.#log.calls++;
    return `Hello, ${name}! (${this.#log.calls})`;
  }
  note(text: string) {
    this.#log.calls++;
    return new Note(text, this.#log);
  }
  page(text: string) {
    return { title: text, note: new Note(text, this.#log) };
  }
  fail() {
    throw new RangeError("No such thing.");
  }
  watch() {
    this.#log.opened++;
    return new ReadableStream<number>({
      start: (controller) => void this.#streams.push(controller),
      cancel: () => void this.#log.cancelled++,
    });
  }
  emit(value: number) {
    for (const stream of this.#streams) stream.enqueue(value);
  }
}

/** A session over a link, and the server's log. */
export function serve(): { api: RpcStub<Api>; main: Api; log: Log } {
  const log = new Log();
  const main = new Api(log);
  const link = createMemoryLink();
  new RpcSession(link.server, main);
  const api = new RpcSession<Api>(link.client).getRemoteMain();
  onTestFinished(() => api[Symbol.dispose]());
  return { api, main, log };
}

class Boundary extends Component<{ children?: ReactNode }, { message?: string }> {
  override state: { message?: string } = {};
  static getDerivedStateFromError({ message }: Error) {
    return { message };
  }
  override render() {
    return this.state.message ?? this.props.children;
  }
}

/** Renders elements as applications do, in StrictMode, which mounts each component twice. */
export function render(...children: ReactNode[]) {
  const cache = new RpcCache({ keepUnused: 300 });
  const element = document.createElement("div");
  const root = createRoot(element, { onCaughtError() {} });
  const show = (...shown: ReactNode[]) => {
    const suspense = createElement(Suspense, { fallback: "Loading." }, ...shown);
    const boundary = createElement(Boundary, null, suspense);
    const provider = createElement(RpcCacheProvider, { cache }, boundary);
    root.render(createElement(StrictMode, null, provider));
  };
  show(...children);
  const unmount = () => root.unmount();
  onTestFinished(unmount);
  return { cache, element, show, unmount };
}

/** A promise that the test settles. */
export function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
