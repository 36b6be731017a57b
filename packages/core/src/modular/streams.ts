import { STREAMS } from "../stream/streams.ts";
import { streamTypes } from "../value-types/streams.ts";
import type { Component } from "./component.ts";

/** Sends and receives `ReadableStream` and `WritableStream`. */
export const streams: Component = { name: "streams", types: streamTypes, streams: STREAMS };
