import * as compat from "@capnweb/compat";
import { createApplication, type Implementation } from "@capnweb/testkit";
import { Api } from "./api.ts";

/** The main object at a URL: at `/conformance`, the application of the conformance runs. */
export function mainFor(url = ""): object {
  const isConformance = new URL(url, "http://localhost").pathname === "/conformance";
  return isConformance ? createApplication(compat as unknown as Implementation) : new Api();
}

/** Options of the servers. A garbage collection would add a release that no transcript has. */
export const OPTIONS = { releaseForgotten: false } as const;
