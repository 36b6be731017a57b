// The globals that React Native 0.88 adds to Hermes and that the test needs, as poor as they are
// there: URLs whose `host` knows only HTTP, and blobs without `stream()`. Nothing here has streams,
// `TextDecoder`, `TextEncoder`, `structuredClone` or `DOMException`. The program itself adds `atob`
// and `btoa`.
/* global print */
globalThis.queueMicrotask = (callback) => void Promise.resolve().then(callback);
const { clearTimeout } = globalThis;
globalThis.clearTimeout = (id) => {
  if (id !== undefined) clearTimeout(id); // unlike others, the one of Hermes refuses it
};
globalThis.performance = { now: () => Date.now() };
globalThis.console = { log: print, warn: print, error: print };

globalThis.URL = class URL {
  constructor(text) {
    this.text = String(text);
  }
  get protocol() {
    return /^\w+:/.exec(this.text)?.[0] ?? "";
  }
  get host() {
    return /^https?:\/\/([^/]+)/.exec(this.text)?.[1] ?? "";
  }
  toString() {
    return this.text;
  }
};

globalThis.Blob = class Blob {
  constructor(parts) {
    this.size = parts.join("").length;
    this.type = "";
  }
};

/** The other ends of the sockets that the program opens, by the last part of the URL. */
globalThis.servers = {};

class Listeners {
  #listeners = {};
  addEventListener(type, listener) {
    this.#listeners[type] ??= [];
    this.#listeners[type].push(listener);
  }
  dispatchEvent(event) {
    for (const listener of this.#listeners[event.type] ?? []) listener(event);
  }
}

class Socket extends Listeners {
  readyState = 0;
  fire(type, event) {
    this.dispatchEvent({ type, ...event });
  }
  send(data) {
    setTimeout(() => this.other.fire("message", { data }), 0);
  }
  close(code = 1005, reason = "") {
    for (const end of [this, this.other]) {
      if (end.readyState < 3) setTimeout(() => end.fire("close", { code, reason }), 0);
      end.readyState = 3;
    }
  }
}

globalThis.WebSocket = class WebSocket extends Socket {
  constructor(url) {
    super();
    this.url = String(url);
    this.other = new Socket();
    this.other.other = this;
    setTimeout(() => {
      this.readyState = 1;
      this.other.readyState = 1;
      globalThis.servers[this.url.split("/").pop()](this.other);
      this.fire("open", {});
    }, 0);
  }
};
