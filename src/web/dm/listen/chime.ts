/** Hz of its two tones, and seconds from one to the next. */
const TONES = [659.25, 880] as const;
const STEP_S = 0.12;
/** Seconds in which a tone comes, and in which it is gone. */
const RISE_S = 0.01;
const FALL_S = 0.5;
/** Softer than anything that is said. */
const GAIN = 0.08;

/** Two soft tones, on this computer alone. */
export function chime(context: AudioContext): void {
  for (const [index, frequency] of TONES.entries()) {
    const at = context.currentTime + index * STEP_S;
    const tone = new OscillatorNode(context, { frequency });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(GAIN, at + RISE_S);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + FALL_S);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + FALL_S);
  }
}
