const KEY = "bardcast.listening";

/** How somebody likes to listen on this device. */
export interface Settings {
  muted: boolean;
  /** 0…1 */
  volume: number;
  captions: boolean;
  /** By how much the device sounds later than it says: −500…500 */
  trimMs: number;
}

export const MAX_TRIM_MS = 500;
const FIRST: Settings = { muted: false, volume: 1, captions: true, trimMs: 0 };

/** What was chosen last on this device, as far as it makes sense. */
export function loadSettings(): Settings {
  const { muted, volume, captions, trimMs } = kept();
  return {
    muted: typeof muted === "boolean" ? muted : FIRST.muted,
    volume: typeof volume === "number" && volume >= 0 && volume <= 1 ? volume : FIRST.volume,
    captions: typeof captions === "boolean" ? captions : FIRST.captions,
    trimMs: typeof trimMs === "number" && Math.abs(trimMs) <= MAX_TRIM_MS ? trimMs : FIRST.trimMs,
  };
}

/** Keeps them for the next time, where the browser keeps anything. */
export function saveSettings({ muted, volume, captions, trimMs }: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ muted, volume, captions, trimMs }));
  } catch {
    // Private windows keep nothing.
  }
}

function kept(): { [Name in keyof Settings]?: unknown } {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
