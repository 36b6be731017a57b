import type { Component } from "vue";

/** The components that pages use, by name. Each is loaded with the first page that has it. */
export const COMPONENTS: Readonly<Record<string, () => Promise<{ default: Component }>>> = {
  Playground: () => import("./playground/Playground.vue"),
  HomeFigures: () => import("./home/HomeFigures.vue"),
};
