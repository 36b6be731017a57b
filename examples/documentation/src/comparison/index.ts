import { birpc } from "./birpc.ts";
import { capnweb } from "./capnweb.ts";
import { comlink } from "./comlink.ts";
import { orpc } from "./orpc.ts";
import { ours } from "./ours.ts";
import { socketIo } from "./socket-io.ts";
import type { Subject } from "./subject.ts";
import { trpc } from "./trpc.ts";

/** The libraries of docs/comparison.md, in the order of its columns. */
export const SUBJECTS: readonly Subject[] = [ours, capnweb, trpc, orpc, socketIo, birpc, comlink];
