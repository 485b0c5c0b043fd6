import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { StepState } from "../../../client/index.ts";
import { MAX_TRIM_MS } from "../../../core/protocol/tuning.ts";
import type { Seat } from "../seat.ts";
import { stepDetail, stepWords, trimWords } from "./step-words.ts";

/** Whether this device sounds together with the others, and what can be done by ear where it does not. */
export function InStep(props: { seat: Seat; step: StepState; trimMs: number }): JSX.Element {
  const { seat, step, trimMs } = props;
  return (
    <details class="more in-step">
      <summary>{stepWords(step)}</summary>
      <p class="small" id="trim-hint">
        {stepDetail(step)} If it comes late beside another one, move it earlier. Play the click on both: they
        should click as one.
      </p>
      <div class="trim">
        <button type="button" onClick={() => seat.click()}>
          Play a click
        </button>
        <label class="slide grow">
          Earlier or later
          <output>{trimWords(trimMs)}</output>
          <input
            type="range"
            min={String(-MAX_TRIM_MS)}
            max={String(MAX_TRIM_MS)}
            step="5"
            value={String(trimMs)}
            aria-describedby="trim-hint"
            onInput={(event: Event) => seat.set({ trimMs: (event.target as HTMLInputElement).valueAsNumber })}
          />
        </label>
      </div>
    </details>
  );
}
