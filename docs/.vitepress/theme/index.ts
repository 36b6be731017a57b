import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { defineAsyncComponent, h } from "vue";
import { COMPONENTS } from "./components.ts";
import { showTypesOnHover } from "./hover-types.ts";
import MarkdownLink from "./MarkdownLink.vue";
import "./style.css";

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { "doc-footer-before": () => h(MarkdownLink) }),
  enhanceApp({ app }) {
    for (const [name, load] of Object.entries(COMPONENTS)) {
      app.component(name, defineAsyncComponent(load));
    }
    if (!import.meta.env.SSR) showTypesOnHover();
  },
} satisfies Theme;
