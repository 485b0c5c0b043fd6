/** An effect at work, sample by sample. Silence after the sound makes it ring out. */
export interface Effect {
  next(sample: number): number;
}

/** How an effect is made. */
export interface EffectRecipe {
  /** Semitones by which the voice is raised before. */
  pitch?: number;
  /** Factor by which the voice is faster before. */
  speed?: number;
  /** One for each sentence. @param sampleRate Hz */
  open(sampleRate: number): Effect;
}
