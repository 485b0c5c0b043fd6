import type { TunedDevice } from "../../../core/protocol/tuning.ts";
import type { DeafReason } from "../../ear/microphone.ts";
import { displayName } from "../../shared/names.ts";
import type { TableReason } from "./table-room.ts";
import type { Outcome, Tuned } from "./tune-room.ts";

/** Why a tuning came to nothing. */
export type Trouble = DeafReason | TableReason;

/** Less than this nobody notices. */
const AUDIBLE_MS = 2;

export const TROUBLES: Readonly<Record<Trouble, string>> = {
  insecure:
    "This page may not use a microphone: browsers allow it on http://localhost and https only. A player’s phone may listen, where its page came over https.",
  refused: "The microphone was refused. Allow it in the site’s settings, left of the address, and try again.",
  none: "No microphone was found. Plug one in, or see what this computer’s sound settings say.",
  broken: "No sound comes from the microphone. See whether it is switched off, or load this page again.",
  busy: "The table is speaking. Tune once the line is over.",
  old: "The server does not know how to tune. Restart it with this version.",
  lost: "Out of touch with the table. What was set by then stays set.",
  "phone-insecure": "That phone may not use its microphone: its page would have to come over https.",
  "phone-refused": "That phone may not listen: it was not allowed to, or was stopped.",
  "phone-none": "That phone has no microphone. Try another one.",
  "phone-broken": "No sound comes from that phone’s microphone. Load its page again, and try once more.",
  "phone-gone": "That phone is not here any more. What was set by then stays set.",
  "phone-old": "That phone did not answer: its page may be older. Load it again.",
};

/** A device, by whose it is; where somebody has several, by its number. */
export function deviceName({ device, player }: TunedDevice, all: readonly TunedDevice[]): string {
  const own = all.filter((each) => each.player === player);
  const name = displayName(player);
  if (own.length < 2) return name;
  return `${name}, device ${own.findIndex((each) => each.device === device) + 1}`;
}

/** How it stands with a device, in a word or two. */
export function verdictWords({ name }: Outcome): { words: string; isGood: boolean } {
  switch (name) {
    case "together":
      return { words: "✓ together", isGood: true };
    case "alone":
      return { words: "heard", isGood: false };
    case "unsteady":
      return { words: "not steady", isGood: false };
    case "unheard":
      return { words: "not heard", isGood: false };
    case "too-far":
      return { words: "too far off", isGood: false };
    case "untunable":
      return { words: "not tuned", isGood: false };
  }
}

const WHY_NOT: Readonly<Record<Extract<Outcome, { name: "untunable" }>["why"], string>> = {
  dm20: "An older player page that cannot be tuned.",
  "out-of-step": "It plays as soon as it can, not in step.",
  muted: "Muted. Unmute it, and tune again.",
  old: "It did not answer: its page may be older. Load it again.",
  silent: "No sound there yet: tap to listen, and tune again.",
};

/** What was found, and what became of it. @param isEar it listened itself */
export function outcomeWords(outcome: Outcome, isEar: boolean = false): string {
  const words = foundWords(outcome);
  const isSet = outcome.name === "together";
  return isEar && isSet ? `${words} It listened itself, and may sound otherwise when it does not.` : words;
}

function foundWords(outcome: Outcome): string {
  switch (outcome.name) {
    case "together": {
      const { wasMs, withinMs } = outcome;
      // What was heard while it listened: lines wander by more, as each page goes on believing its browser.
      const within = `Heard to ±${withinMs < 1 ? Math.ceil(withinMs * 10) / 10 : Math.ceil(withinMs)} ms.`;
      return Math.abs(wasMs) < AUDIBLE_MS
        ? `Was right. ${within}`
        : `Was ${offWords(wasMs)}: corrected. ${within}`;
    }
    case "alone":
      return "No other device was heard to compare it with.";
    case "unsteady":
      return "Its sound came now sooner, now later. Let it rest a minute, and tune again.";
    case "unheard":
      return "Turn it up, or bring it nearer; hold headphones to the microphone. Then tune again.";
    case "too-far":
      return `Was ${offWords(outcome.wasMs)}, more than can be made up for.`;
    case "untunable":
      return WHY_NOT[outcome.why];
  }
}

function offWords(ms: number): string {
  return `${Math.round(Math.abs(ms))} ms ${ms > 0 ? "late" : "early"}`;
}

/** What was reached, in a line. */
export function doneWords(devices: readonly Tuned[]): string {
  const good = devices.filter(({ outcome }) => outcome.name === "together").length;
  if (devices.length === 0) return "No device is here to be tuned";
  if (good === 0) return "No devices were put together";
  return `${good} of ${devices.length} devices sound together`;
}
