import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { defineAsyncComponent } from "vue";
import { COMPONENTS } from "./components.ts";
import "./style.css";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    for (const [name, load] of Object.entries(COMPONENTS)) {
      app.component(name, defineAsyncComponent(load));
    }
  },
} satisfies Theme;
