import { useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { SoundsStatus } from "../../../core/protocol/sounds.ts";
import type { Sounds } from "./use-sounds.ts";

const ACCEPTED = ".mp3,.ogg,.oga,.opus,.wav,.flac,audio/*";

/** Files that are dropped here or chosen, and those there are, to be removed. */
export function AddSounds(props: {
  status: SoundsStatus;
  act: Sounds["act"];
  onAdd: (files: readonly File[]) => Promise<void>;
}): JSX.Element {
  const { status, act, onAdd } = props;
  const [isBusy, setBusy] = useState(false);
  const [isOver, setOver] = useState(false);
  const add = async (files: FileList | null | undefined): Promise<void> => {
    setOver(false);
    if (!files || files.length === 0) return;
    setBusy(true);
    await onAdd([...files]);
    setBusy(false);
  };
  const own = status.sounds.filter(({ builtIn }) => !builtIn);
  return (
    <div class="stack">
      <label
        class={isOver ? "drop over" : "drop"}
        onDragOver={(event: DragEvent) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event: DragEvent) => {
          event.preventDefault();
          void add(event.dataTransfer?.files);
        }}
      >
        <b>{isBusy ? "They are on their way…" : "Add sounds"}</b>
        <span class="small">Drop them here, or choose: mp3, ogg, wav, flac; 20 MB and ten minutes each.</span>
        <input
          type="file"
          multiple
          accept={ACCEPTED}
          disabled={isBusy}
          onChange={(event: Event) => {
            const input = event.target as HTMLInputElement;
            void add(input.files).then(() => {
              input.value = "";
            });
          }}
        />
      </label>
      {own.length > 0 && (
        <details class="stack">
          <summary>Your files</summary>
          <ul class="items">
            {own.map(({ id, name, measure }) => (
              <li key={id}>
                <span class="grow">
                  <b>{name}</b>
                  <br />
                  <span class="small">{measure ? "measured" : "is not measured yet: plays as it is"}</span>
                </span>
                <button
                  type="button"
                  class="quiet"
                  aria-label={`Remove ${name}`}
                  onClick={() => void act((api) => api.remove(id))}
                >
                  Remove
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
