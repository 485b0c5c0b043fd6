import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { useAttempt } from "../use-attempt.ts";

export type ExportForm = "text" | "opus" | "wav";

/** What is to be saved of the log. */
export interface ExportWish {
  as: ExportForm;
  /** With what was not for everyone. */
  withWhispers: boolean;
}

const FORMS: readonly (readonly [ExportForm, string])[] = [
  ["text", "Text to read"],
  ["opus", "Sound, small"],
  ["wav", "Sound for any program"],
];

/** What kind of file that is. */
const HINTS: Readonly<Record<ExportForm, string>> = {
  text: "Markdown",
  opus: "Ogg Opus; each line as far as it was heard. To save one line, find it in the log.",
  wav: "WAV; each line as far as it was heard. To save one line, find it in the log.",
};

/** Chooses how the log is saved. */
export function Export(props: {
  onExport: (wish: ExportWish) => Promise<number>;
  onClose: () => void;
}): JSX.Element {
  const [wish, setWish] = useState<ExportWish>({ as: "text", withWhispers: false });
  const [saved, setSaved] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const { trouble, attempt } = useAttempt();
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    await attempt(async () => {
      const count = await props.onExport(wish);
      setSaved(count === 1 ? "Saved 1 line." : `Saved ${count} lines.`);
    });
    setBusy(false);
  };
  return (
    <form class="export stack" onSubmit={save}>
      <fieldset class="pick">
        <legend>Save what was said as</legend>
        {FORMS.map(([as, words]) => (
          <label key={as}>
            <input
              type="radio"
              name="as"
              checked={wish.as === as}
              onChange={() => {
                setWish({ ...wish, as });
                setSaved(undefined);
              }}
            />
            {words}
          </label>
        ))}
      </fieldset>
      <label class="check">
        <input
          type="checkbox"
          checked={wish.withWhispers}
          onChange={(event: Event) =>
            setWish({ ...wish, withWhispers: (event.target as HTMLInputElement).checked })
          }
        />
        With whispers
      </label>
      <div class="row wrap">
        <button type="submit" class="main" disabled={isBusy}>
          {isBusy ? "Saving…" : "Save"}
        </button>
        <button type="button" onClick={props.onClose}>
          Not now
        </button>
        <span class={`small ${trouble ? "trouble" : ""}`} role="status">
          {trouble ?? saved ?? HINTS[wish.as]}
        </span>
      </div>
    </form>
  );
}
