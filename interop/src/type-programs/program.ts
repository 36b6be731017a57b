/** A program that is compiled with the types of both packages. */
export interface TypeProgram {
  readonly name: string;
  /** The statements of an async function, in a module that starts with {@link IMPORTS}. */
  readonly code: string;
  /** Set if our verdict differs from the reference's; docs/differences.md lists these choices. */
  readonly deviates?: { readonly ours: "accepts" | "refuses"; readonly because: string };
}

/** The beginning of each program. */
export const IMPORTS = `
import {
  RpcPromise, RpcSession, RpcStub, RpcTarget, WebSocketTransport, newHttpBatchRpcSession,
  newMessagePortRpcSession, newWebSocketRpcSession, type AnyRpcTransport, type RpcCompatible,
  type RpcTransport,
} from "rpc";
import {
  Lamp, Sensor, Shape, Home, home, lamp, transport, Equal, Expect, IsAny,
} from "../prelude.ts";
`;

/**
 * The declarations that all programs share. They are one module, because checking it takes long.
 */
export const PRELUDE = `
import { type AnyRpcTransport, RpcStub, RpcTarget } from "rpc";

export class Lamp extends RpcTarget {
  dim(level: number): void { void level; }
  get isLit(): boolean { return true; }
  twin(): Lamp { return this; }
}
export interface Sensor { id: number; label: string; read(): Promise<number>; owner?: { email: string } }
export type Shape = { kind: "circle"; radius: number } | { kind: "square"; side: number };
export interface Home {
  add(a: number, b: number): number;
  lamp(): Lamp;
  lampLater(): Promise<Lamp>;
  lampOrNothing(): Promise<Lamp | null>;
  lamps(): Lamp[];
  lampStub(): Promise<RpcStub<Lamp>>;
  sensor(id: number): Promise<Sensor>;
  sensors(): Promise<Sensor[]>;
  shape(): Promise<Shape>;
  numbers(): Promise<number[]>;
  pair(): Promise<[number, string]>;
  text(): string;
  when(): Date;
  failure(): Error;
  address(): URL;
  bytes(): Uint8Array;
  headers(): Headers;
  request(): Request;
  response(): Response;
  blob(): Blob;
  readable(): ReadableStream<Uint8Array>;
  writable(): WritableStream<string>;
  nothing(): void;
  never(): never;
  any(): any;
  unknown(): unknown;
  record(): Record<string, number>;
  callback(): (x: number) => string;
  useLamp(lamp: Lamp): void;
  useStub(lamp: RpcStub<Lamp>): void;
  useText(text: string): void;
  useList(list: string[]): void;
  useShape(shape: Shape): void;
  usePlace(place: { at: { x: number; y: number }; tags?: string[] }): void;
  useStream(stream: ReadableStream<Uint8Array>): void;
  optional(first: string, second?: number): void;
  rest(...all: number[]): void;
  each(callback: (n: number) => void): void;
  ask(callback: (question: string) => string): void;
  askLater(callback: (question: string) => Promise<string>): void;
  askEither(callback: (question: string) => string | Promise<string>): void;
  doLater(callback: () => Promise<void>): void;
  lend(callback: (lamp: RpcStub<Lamp>) => void): void;
  onShape(callback: (shape: Shape) => void): void;
  readonly level: number;
  readonly main: Lamp;
  readonly nested: { readonly deep: { readonly value: string } };
}
export declare const home: RpcStub<Home>;
export declare const lamp: RpcStub<Lamp>;
export declare const transport: AnyRpcTransport;
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export type Expect<T extends true> = T;
export type IsAny<T> = 0 extends 1 & T ? true : false;
`;
