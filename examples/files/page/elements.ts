/**
 * The element of the page that a selector finds.
 *
 * @throws TypeError if there is none, or one of another class
 */
export function element<E extends Element>(selector: string, type: new () => E): E {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new TypeError(`The page has no ${type.name} "${selector}".`);
  return found;
}

/** Makes an element with a class and a text, which is never markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}
