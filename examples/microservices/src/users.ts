import { RpcTarget } from "@capnweb/core";
import { logDeadline, serve } from "./service.ts";
import { startTelemetry } from "./telemetry.ts";

/** A user, for the other services. */
export interface User {
  id: number;
  name: string;
  /** In percent. */
  discount: number;
}

const USERS = new Map<number, User>([[1, { id: 1, name: "Ada", discount: 10 }]]);

/** The main object of the service. */
export class Users extends RpcTarget {
  find(id: number): User {
    logDeadline("users.find");
    return found(id);
  }

  discount(id: number): number {
    logDeadline("users.discount");
    return found(id).discount;
  }
}

function found(id: number): User {
  const user = USERS.get(id);
  if (!user) throw new RangeError(`User ${id} doesn't exist.`);
  return user;
}

await serve(() => new Users(), startTelemetry("users"));
