import { useEffect, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";

/** A hand that rests so long means what it chose. */
const REST_MS = 150;

export interface LoudnessProps {
  /** What it is the loudness of. */
  label: string;
  /** 0…1 */
  volume: number;
  onChange: (volume: number) => Promise<void>;
}

/** A slider that tells what was chosen once the hand rests, and meanwhile stays where it was put. */
export function Loudness({ label, volume, onChange }: LoudnessProps): JSX.Element {
  const [chosen, choose] = useState<number>();
  useEffect(() => {
    if (chosen === undefined) return undefined;
    const timer = setTimeout(async () => {
      await onChange(chosen);
      choose((now) => (now === chosen ? undefined : now));
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [chosen]);
  return (
    <input
      type="range"
      min="0"
      max="100"
      aria-label={label}
      value={String(Math.round((chosen ?? volume) * 100))}
      onInput={(event: Event) => choose((event.target as HTMLInputElement).valueAsNumber / 100)}
    />
  );
}
