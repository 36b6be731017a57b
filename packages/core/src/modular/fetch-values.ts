import { fetchTypes } from "@capnweb/wire/internal";
import { STREAMS } from "../stream/streams.ts";
import { streamTypes } from "../value-types/streams.ts";
import type { Component } from "./component.ts";

/**
 * Sends and receives the values of `fetch()`: `Blob`, `Headers`, `Request` and `Response`. Contains
 * `streams`, because bodies travel as streams.
 */
export const fetchValues: Component = {
  name: "fetchValues",
  types: [...fetchTypes, ...streamTypes],
  streams: STREAMS,
};
