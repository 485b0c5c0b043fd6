import { type Child, render } from "hono/jsx/dom";

/** Puts the page into its html. */
export function mount(page: Child): void {
  const root = document.getElementById("root");
  if (root) render(page, root);
}
