import type { JSX } from "hono/jsx/dom/jsx-runtime";

/** A candle's flame: lit where there is life. Says nothing to a screen reader; the words beside it do. */
export function Flame({ lit }: { lit: boolean }): JSX.Element {
  return (
    <svg class={`flame ${lit ? "is-lit" : ""}`} viewBox="0 0 24 28" aria-hidden="true">
      <path
        class="flame-body"
        d="M12.600 1.200c.7 5.300 7 8.700 7 16.100a7.700 7.700 0 0 1-15.400 0c0-3.600 1.800-5.800 3.200-8.100.5 1.700 1.200 2.700 2.300 3.300-.2-4.100.8-8.100 2.900-11.300Z"
      />
      <path
        class="flame-core"
        d="M12.200 14c.4 2.400 3.100 3.600 3.100 6.600a3.300 3.300 0 0 1-6.500 0c0-2.600 2.400-3.800 3.400-6.600Z"
      />
    </svg>
  );
}

/** The sign of a whisper. */
export function Moon(): JSX.Element {
  return (
    <svg class="moon" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M13.800 10.100A6.200 6.200 0 0 1 5.900 2.200a6.300 6.300 0 1 0 7.900 7.900Z" />
    </svg>
  );
}

/** A loudspeaker, crossed out when silent. */
export function Loudspeaker({ silent }: { silent: boolean }): JSX.Element {
  return (
    <svg class="loudspeaker" viewBox="0 0 24 24" aria-hidden="true">
      <path class="loudspeaker-box" d="M4 9.200h3.500L12.400 5v14l-4.900-4.200H4Z" />
      <path
        d={
          silent ? "m16 9.500 5 5m0-5-5 5" : "M15.800 9a4.200 4.200 0 0 1 0 6m2.600-8.600a8 8 0 0 1 0 11.200"
        }
      />
    </svg>
  );
}

/** Two sliders: what can be set. */
export function Sliders(): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 7h9m4 0h3M4 17h3m4 0h9" />
      <circle cx="15" cy="7" r="2" />
      <circle cx="9" cy="17" r="2" />
    </svg>
  );
}
