import type { JSX } from "hono/jsx/dom/jsx-runtime";
import type { StepState } from "../../client/index.ts";
import type { Seat } from "./seat.ts";
import { MAX_TRIM_MS } from "./settings.ts";
import { stepWords } from "./words.ts";

const HINT =
  "Tap the click on two devices: both click on the same second. Where this one comes late, move it earlier.";
const HIDDEN =
  "This device does not say how late its sound is. Let it click beside another one and move it by ear. ";

function amount(ms: number): string {
  if (ms === 0) return "as it is";
  return ms > 0 ? `${ms} ms earlier` : `${-ms} ms later`;
}

/** How well the device keeps step, and what can be done by ear where it does not. */
export function InStep(props: { seat: Seat; step: StepState; trimMs: number }): JSX.Element {
  const { seat, step, trimMs } = props;
  return (
    <details class={`in-step ${step.isTrusted ? "" : "is-unsure"}`}>
      <summary>{stepWords(step)}</summary>
      <p id="trim-hint">{step.isTrusted ? HINT : HIDDEN + HINT}</p>
      <div class="trim">
        <button type="button" onClick={() => seat.click()}>
          Click
        </button>
        <label>
          <span>{amount(trimMs)}</span>
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
