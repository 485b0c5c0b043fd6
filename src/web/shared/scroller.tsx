import type { Child } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";

/** A log that stays at its newest entry unless somebody reads back; the style sheet turns it upside down for that. */
export function Scroller({ label, children }: { label: string; children: Child }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div class="scroller" role="log" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
