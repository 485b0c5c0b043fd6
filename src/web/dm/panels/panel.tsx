import type { Child } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { PanelName } from "../use-panel.ts";

/** Something beside the table; where it is narrow, in the composer's place. */
export function Panel(props: {
  name: PanelName;
  title: string;
  /** In its head. */
  actions?: Child;
  /** Where it leads back to. */
  back?: { words: string; onBack: () => void };
  /** Below what scrolls. */
  foot?: Child;
  onClose: () => void;
  children: Child;
}): JSX.Element {
  return (
    <section class={`panel p-${props.name}`} id={`p-${props.name}`} aria-label={props.title}>
      <header class="panel-head">
        {props.back && (
          <button type="button" class="quiet back" onClick={props.back.onBack}>
            ‹ {props.back.words}
          </button>
        )}
        <h2>{props.title}</h2>
        {props.actions}
        <button type="button" class="quiet shut" onClick={props.onClose}>
          Close
        </button>
      </header>
      <div class="panel-body">{props.children}</div>
      {props.foot && <footer class="panel-foot">{props.foot}</footer>}
    </section>
  );
}
