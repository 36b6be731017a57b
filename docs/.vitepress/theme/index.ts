import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { defineAsyncComponent } from "vue";
import { COMPONENTS } from "./components.ts";
import { showTypesOnHover } from "./hover-types.ts";
import "./style.css";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    for (const [name, load] of Object.entries(COMPONENTS)) {
      app.component(name, defineAsyncComponent(load));
    }
    if (!import.meta.env.SSR) showTypesOnHover();
  },
} satisfies Theme;
