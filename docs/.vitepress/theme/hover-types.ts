/**
 * Shows the types of names in code, which the build has put into `data-type`: one tip for the whole
 * page, because a component for each name would multiply the size of the page.
 */
export function showTypesOnHover(): void {
  const tip = document.createElement("div");
  tip.className = "type-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);
  const type = tip.appendChild(document.createElement("code"));
  const docs = tip.appendChild(document.createElement("p"));

  const show = (name: HTMLElement): void => {
    type.textContent = name.dataset["type"] ?? "";
    docs.textContent = name.dataset["docs"] ?? "";
    docs.hidden = docs.textContent === "";
    tip.hidden = false;
    const { left, top, bottom } = name.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const isRoomBelow = bottom + height + 8 < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    tip.style.top = `${isRoomBelow ? bottom + 4 : Math.max(8, top - height - 4)}px`;
  };
  // A tap counts as a pointer that comes over the name.
  document.addEventListener("pointerover", ({ target }) => {
    if (!(target instanceof Element) || tip.contains(target)) return;
    const name = target.closest<HTMLElement>(".has-type");
    if (name) show(name);
    else tip.hidden = true;
  });
  document.addEventListener("scroll", () => (tip.hidden = true), { capture: true, passive: true });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") tip.hidden = true;
  });
}
