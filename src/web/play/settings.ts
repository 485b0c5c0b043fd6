const KEY = "bardcast.listening";

/** How somebody likes to listen on this device. */
export interface Settings {
  muted: boolean;
  /** 0…1 */
  volume: number;
  captions: boolean;
}

const FIRST: Settings = { muted: false, volume: 1, captions: true };

/** What was chosen last on this device, as far as it makes sense. */
export function loadSettings(): Settings {
  const { muted, volume, captions } = kept();
  return {
    muted: typeof muted === "boolean" ? muted : FIRST.muted,
    volume: typeof volume === "number" && volume >= 0 && volume <= 1 ? volume : FIRST.volume,
    captions: typeof captions === "boolean" ? captions : FIRST.captions,
  };
}

/** Keeps them for the next time, where the browser keeps anything. */
export function saveSettings({ muted, volume, captions }: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ muted, volume, captions }));
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
