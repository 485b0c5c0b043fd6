import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { Preview } from "./use-preview.ts";

const WORDS = {
  quiet: { long: "Hear it first", short: "Hear" },
  making: { long: "Making it…", short: "Wait…" },
  sounding: { long: "Stop hearing", short: "Quiet" },
} as const;

/** Hears the line on this computer before it is said. */
export function HearFirst(props: { preview: Preview; isSayable: boolean; onHear: () => void }): JSX.Element {
  const { state, stop } = props.preview;
  const { long, short } = WORDS[state];
  return (
    <button
      type="button"
      class="hear"
      title="Only this computer sounds"
      disabled={state === "quiet" && !props.isSayable}
      onClick={state === "quiet" ? props.onHear : stop}
    >
      <span class="long">{long}</span>
      <span class="short">{short}</span>
    </button>
  );
}
