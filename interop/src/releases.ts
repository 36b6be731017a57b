import "./browser-globals.ts";
import * as capnweb01 from "capnweb-0.1";
import * as capnweb02 from "capnweb-0.2";
import * as capnweb04 from "capnweb-0.4";
import * as capnweb05 from "capnweb-0.5";
import * as capnweb06 from "capnweb-0.6";
import * as capnweb07 from "capnweb-0.7";
import * as capnweb08 from "capnweb-0.8";
import * as capnweb010 from "capnweb-0.10";
import * as capnweb011 from "capnweb-0.11";
import { type Implementation, REFERENCE } from "./implementation.ts";

/** The published releases of the reference, by version, from the oldest to the newest. */
export const RELEASES: ReadonlyMap<string, Implementation> = new Map(
  Object.entries({
    "0.1": capnweb01,
    "0.2": capnweb02,
    "0.4": capnweb04,
    "0.5": capnweb05,
    "0.6": capnweb06,
    "0.7": capnweb07,
    "0.8": capnweb08,
    "0.10": capnweb010,
    "0.11": capnweb011,
    "0.12": REFERENCE,
  }).map(([version, release]) => [version, release as unknown as Implementation]),
);
