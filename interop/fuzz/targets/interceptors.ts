import { type Interception, type Interceptor, intercept } from "@capnweb/core";
import { turn } from "../sequence.ts";

/** Interceptors of an application that is careful, slow or careless. */
export function interceptorsThat(behaviour: "pass on" | "wait" | "misbehave"): Interception {
  if (behaviour === "pass on") return intercept(PASSES_ON, LOOKS_ON);
  return behaviour === "wait" ? intercept(WAITS, PASSES_ON) : intercept(PASSES_ON, misbehaving());
}

const PASSES_ON: Interceptor = {
  call: (_call, next) => next(),
  serve: (_call, next) => next(),
};

const LOOKS_ON: Interceptor = {
  call(_call, next) {
    const promise = next();
    promise.then(ignore, ignore);
    return promise;
  },
  serve(call, next) {
    call.session.getStats();
    if (call.target === call.method) call.args.at(0);
    return next();
  },
};

const WAITS: Interceptor = {
  async serve(_call, next) {
    await turn();
    return await next();
  },
};

function ignore(): void {}

/** Does something else each time. What happens in which order is the same for the same messages. */
function misbehaving(): Interceptor {
  let calls = 0;
  let serves = 0;
  return {
    call(_call, next) {
      switch (calls++ % 6) {
        case 1:
          throw new Error("refused by an interceptor");
        case 2:
          next();
          return next();
        case 3:
          next()[Symbol.dispose]();
          return undefined;
        case 4:
          next();
          throw new Error("failed in an interceptor");
        default:
          return next();
      }
    },
    serve(call, next) {
      // Whether the session goes on is to be seen.
      if (call.method === "healthy") return next();
      switch (serves++ % 9) {
        case 1:
          throw new Error("refused by an interceptor");
        case 2:
          next();
          return next();
        case 3:
          void turn().then(next).catch(ignore);
          return "an answer";
        case 4:
          next();
          throw new Error("failed in an interceptor");
        case 5:
          return turn().then(next);
        case 6:
          return Promise.resolve(next()).then(() => Promise.reject(new Error("failed later")));
        case 7:
          return turn().then(() => Promise.reject(new Error("refused later")));
        default:
          return next();
      }
    },
  };
}
