import { isSessionHost } from "@capnweb/core/server";

/**
 * Checks that a function was given a host, which another copy of this package may have made.
 *
 * @param where names the function in messages
 * @throws TypeError for anything else
 */
export function checkHost(where: string, value: unknown): void {
  if (isSessionHost(value) && "drain" in value && "health" in value) return;
  throw new TypeError(
    `${where} takes an RpcHost first: make one with new RpcHost({ createMain }). ` +
      "A server isn't a host.",
  );
}
