import { type Interception, type Interceptor, intercept } from "@capnweb/core";
import { turn } from "../sequence.ts";

/** Interceptors that pass calls on at once, pass them on late, or break the rules. */
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

/**
 * Breaks a different rule with each call. The order is fixed, so a sequence of messages has the
 * same effect each time.
 */
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
      // The check that the session still works calls this method.
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
