import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { Export, type ExportWish } from "./export.tsx";

/** Finds in the log, and saves it. */
export function LogBar(props: {
  find: string;
  /** Lines in which it stands; undefined while nothing is looked for. */
  found: number | undefined;
  onFind: (find: string) => void;
  /** Saves what was said. @returns how many lines that were */
  onExport: (wish: ExportWish) => Promise<number>;
  onClose: () => void;
}): JSX.Element {
  const { find, found, onFind } = props;
  const [saving, setSaving] = useState(false);
  return (
    <div class="log-bar">
      <search>
        <input
          type="search"
          aria-label="Find in the log"
          placeholder="Find in the log"
          value={find}
          onInput={(event: Event) => onFind((event.target as HTMLInputElement).value)}
        />
      </search>
      <p class="small found" role="status">
        {found !== undefined && `${found === 1 ? "1 line" : `${found} lines`} with “${find.trim()}”`}
      </p>
      <button type="button" aria-expanded={saving ? "true" : "false"} onClick={() => setSaving(!saving)}>
        Save the log…
      </button>
      <button type="button" class="shut" onClick={props.onClose}>
        Close
      </button>
      {saving && <Export onExport={props.onExport} onClose={() => setSaving(false)} />}
    </div>
  );
}
