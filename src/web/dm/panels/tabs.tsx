import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { Icon, type IconName } from "../icons.tsx";
import type { PanelName, Panels } from "../use-panel.ts";

const TABS: Readonly<Record<PanelName, { words: string; icon: IconName }>> = {
  lines: { words: "Lines", icon: "lines" },
  cast: { words: "Cast", icon: "cast" },
  sound: { words: "Sounds", icon: "bell" },
  table: { words: "Table", icon: "table" },
};

/** Chooses what stands beside the table. */
export function Tabs({ chosen, isShown, tabs, choose }: Panels): JSX.Element {
  return (
    <nav class="nav" aria-label="Beside the table">
      {tabs.map((name) => (
        <button
          key={name}
          type="button"
          aria-controls={`p-${name}`}
          aria-expanded={isShown && chosen === name ? "true" : "false"}
          onClick={() => choose(name)}
        >
          <Icon name={TABS[name].icon} />
          {TABS[name].words}
        </button>
      ))}
    </nav>
  );
}
