import { EFFECTS, type EffectName } from "../dsp/effects/names.ts";
import { type MarkupToken, pauseOf, TAG_NAMES } from "./markup-token.ts";

/** dB by which a whisper is softer than speech; engines that cannot whisper at least speak softly. */
const WHISPER_DB = -6;

const TAG = new RegExp(`^\\[(/?)(${TAG_NAMES.join("|")})(?: +([^\\s[\\]][^[\\]]{0,63}))?\\]$`, "iu");

/** Tags that can be closed. */
const LASTING: ReadonlySet<string> = new Set(["whisper", "voice", "effect"]);
/** How a stage direction goes on behind `sound`. */
const DIRECTION = /^of\b|:/iu;

/**
 * What a tag in brackets means: `[pause 500ms]`, `[sound door]`, `[whisper]`, `[voice old_mara]`, `[effect cave]`, and the
 * ends of the last three, `[/whisper]`. Upper and lower case are the same. `[Sound of thunder]` is a stage direction.
 * @returns undefined where it is none of these
 */
export function bracketToken(tag: string): MarkupToken | undefined {
  const [, slash, word, argument] = TAG.exec(tag) ?? [];
  if (word === undefined) return undefined;
  const name = word.toLowerCase();
  if (slash) return argument === undefined && LASTING.has(name) ? { type: "close", name } : undefined;
  return openOf(name, argument?.trim());
}

function openOf(name: string, argument: string | undefined): MarkupToken | undefined {
  if (argument === undefined) {
    const style = { whisper: true, gainDb: WHISPER_DB } as const;
    return name === "whisper" ? { type: "open", name, style } : undefined;
  }
  if (name === "sound") return DIRECTION.test(argument) ? undefined : { type: "sound", name: argument };
  if (name === "voice") return { type: "open", name, style: { voice: argument } };
  if (name === "effect") {
    const effect = argument.toLowerCase() as EffectName;
    return EFFECTS.includes(effect) ? { type: "open", name, style: { effects: [effect] } } : undefined;
  }
  const ms = name === "pause" ? pauseOf(argument) : undefined;
  return ms === undefined ? undefined : { type: "pause", ms };
}
