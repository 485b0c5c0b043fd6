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
  readonly #onUnknown: () => void;
  readonly #outputNow: () => Promise<string>;
  #kept: Kept | undefined = kept();
  /** Resolves once it is known what sounds now. */
  readonly ready: Promise<void>;

  /**
   * @param onUnknown called when it may sound by an output of which nothing is known
   * @param outputNow names what sounds now; empty where that cannot be told
   */
  constructor(seat: TrimmedSeat, onUnknown: () => void, outputNow: () => Promise<string> = outputInUse) {
    this.#seat = seat;
    this.#onUnknown = onUnknown;
    this.#outputNow = outputNow;
    globalThis.navigator?.mediaDevices?.addEventListener?.("devicechange", () => void this.changed());
    this.ready = this.#look();
  }

  /** Something was plugged in or pulled out, or connected by Bluetooth. */
  async changed(): Promise<void> {
    await this.#look();
    if (this.#kept?.output === "") this.#onUnknown();
  }

  /** By which output does it sound? Each has a trim of its own. */
  async #look(): Promise<void> {
    const output = await this.#outputNow();
    // What was set before outputs had names is of what sounds now.
    if (!this.#kept?.output || output === "") this.#kept = { output, trims: this.#kept?.trims ?? {} };
    if (output === this.#kept.output) return;
    this.keep();
    const { trims } = this.#kept;
    const isKnown = Object.hasOwn(trims, output);
    this.#kept = { trims, output };
    this.#seat.set({ trimMs: isKnown ? (trims[output] ?? 0) : 0 });
    this.keep();
    if (!isKnown) this.#onUnknown();
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
