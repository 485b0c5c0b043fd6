import { MAX_TRIM_MS } from "../../core/protocol/tuning.ts";

const KEY = "bardcast.trims";
/** Outputs that are kept; the oldest go first. */
const MAX_OUTPUTS = 20;

/** What is kept: the output that was used last, and how late each is. */
interface Kept {
  output: string;
  trims: Readonly<Record<string, number>>;
}

interface TrimmedSeat {
  view(): { trimMs: number };
  set(settings: { trimMs: number }): void;
}

/**
 * How late this device is by each of its outputs: by Bluetooth it is later than by its own loudspeaker. Browsers tell
 * which one is used only to pages that may use the microphone; for all others there is one.
 */
export class OutputTrims {
  readonly #seat: TrimmedSeat;
  readonly #outputNow: () => Promise<string>;
  #kept: Kept | undefined = kept();
  /** Resolves once it is known what sounds now. */
  readonly ready: Promise<void>;

  /** @param outputNow names what sounds now */
  constructor(seat: TrimmedSeat, outputNow: () => Promise<string> = outputInUse) {
    this.#seat = seat;
    this.#outputNow = outputNow;
    globalThis.navigator?.mediaDevices?.addEventListener?.("devicechange", () => void this.look());
    this.ready = this.look();
  }

  /** Sounds by another output from now on, maybe: that has a trim of its own. */
  async look(): Promise<void> {
    const output = await this.#outputNow();
    // What was set before anything was kept is of what sounds now.
    this.#kept ??= { output, trims: {} };
    if (output === this.#kept.output) return;
    this.keep();
    this.#kept = { ...this.#kept, output };
    // Of one that was never tuned nothing is known.
    this.#seat.set({ trimMs: this.#kept.trims[output] ?? 0 });
    this.keep();
  }

  /** Keeps what is set now for the output that is used. */
  keep(): void {
    if (!this.#kept) return;
    const { output, trims } = this.#kept;
    const { [output]: _, ...others } = trims;
    const newest = [...Object.entries(others), [output, this.#seat.view().trimMs] as const].slice(
      -MAX_OUTPUTS,
    );
    this.#kept = { output, trims: Object.fromEntries(newest) };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#kept));
    } catch {
      // Private windows keep nothing.
    }
  }
}

/** Empty where the browser does not tell. */
async function outputInUse(): Promise<string> {
  try {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return (
      devices.find(({ kind, deviceId }) => kind === "audiooutput" && deviceId === "default")?.groupId ?? ""
    );
  } catch {
    return "";
  }
}

function kept(): Kept | undefined {
  try {
    const { output, trims }: { output?: unknown; trims?: unknown } = JSON.parse(
      localStorage.getItem(KEY) ?? "{}",
    );
    if (typeof output !== "string" || typeof trims !== "object") return undefined;
    const known = Object.entries(trims ?? {}).filter(
      (each): each is [string, number] => typeof each[1] === "number" && Math.abs(each[1]) <= MAX_TRIM_MS,
    );
    return { output, trims: Object.fromEntries(known) };
  } catch {
    return undefined;
  }
}
