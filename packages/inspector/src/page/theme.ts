/** The themes, in the order of the switch. `auto` follows the system. */
export const THEMES = ["auto", "light", "dark"] as const;

export type Theme = (typeof THEMES)[number];

const KEY = "capnweb-inspector-theme";

/** The theme that was chosen last. */
export function chosenTheme(): Theme {
  try {
    return THEMES.find((each) => each === localStorage.getItem(KEY)) ?? "auto";
  } catch {
    // The browser may forbid storage.
    return "auto";
  }
}

export function applyTheme(theme = chosenTheme()): void {
  document.documentElement.dataset["theme"] = theme;
}

/** Switches to the next theme, and returns it. */
export function nextTheme(): Theme {
  const next = THEMES[(THEMES.indexOf(chosenTheme()) + 1) % THEMES.length]!;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // The choice lasts until the page is left.
  }
  applyTheme(next);
  return next;
}
