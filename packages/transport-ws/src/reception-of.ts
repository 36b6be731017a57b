import type { RpcCompatible, RpcSession } from "@capnweb/core";
import { type AdmissionOptions, Reception } from "@capnweb/core/server";
import type { ServedRequest } from "./served.ts";
import type { WebSocketSessionOptions } from "./session.ts";

/** Options of a server that counts its sessions. */
interface ReceivingOptions<R> extends WebSocketSessionOptions, AdmissionOptions {
  readonly authorize?: ((request: R) => unknown) | undefined;
  readonly authorizeTimeout?: number | undefined;
}

/**
 * The host of a server's own sessions.
 *
 * @typeParam R the server's requests
 */
export function receptionOf<R, T extends RpcCompatible<T>, C>(
  createMain: (request: R, served: ServedRequest<T, C>) => unknown,
  options: ReceivingOptions<R>,
): Reception {
  const { authorize } = options;
  return new Reception(
    ({ request: { source }, context, session }) =>
      createMain(source as R, {
        session: session as RpcSession<T>,
        context,
        get client() {
          return (session as RpcSession<T>).getRemoteMain();
        },
      }),
    { ...options, authorize: authorize && (({ source }) => authorize(source as R)) },
  );
}
