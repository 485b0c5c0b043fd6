/** Short sounds have these, in order. */
export const SOUND_KEYS = "qwertyuiop";

/** What a letter plays; false where it plays nothing. */
export interface SoundKeys {
  onKey: (key: string) => boolean;
}
