/** eSpeak's names of sounds, longest first where one begins another (espeak-ng, `docs/phonemes.md`). */
const ENGLISH: readonly (readonly [ipa: string, name: string])[] = [
  ["t͡ʃ", "tS"],
  ["tʃ", "tS"],
  ["d͡ʒ", "dZ"],
  ["dʒ", "dZ"],
  ["əʊ", "oU"],
  ["oʊ", "oU"],
  ["aɪ", "aI"],
  ["aʊ", "aU"],
  ["ɔɪ", "OI"],
  ["eɪ", "eI"],
  ["ɪə", "i@"],
  ["eə", "e@"],
  ["ɛə", "e@"],
  ["ʊə", "U@"],
  ["ɑː", "A:"],
  ["ɔː", "O:"],
  ["ɜː", "3:"],
  ["iː", "i:"],
  ["uː", "u:"],
  ["ɑ", "A:"],
  ["ɔ", "O:"],
  ["ɜ", "3:"],
  ["ɝ", "3:"],
  ["ɚ", "3"],
  ["i", "i:"],
  ["u", "u:"],
  ["y", "u:"],
  ["ø", "3:"],
  ["œ", "3:"],
  ["ɒ", "0"],
  ["æ", "a"],
  ["a", "a"],
  ["ɐ", "V"],
  ["ʌ", "V"],
  ["e", "E"],
  ["ɛ", "E"],
  ["o", "oU"],
  ["ɪ", "I"],
  ["ɨ", "I"],
  ["ʏ", "U"],
  ["ʊ", "U"],
  ["ə", "@"],
  ["ɹ", "r"],
  ["ʁ", "r"],
  ["ʀ", "r"],
  ["ɾ", "r"],
  ["ɻ", "r"],
  ["ɡ", "g"],
  ["ɣ", "g"],
  ["ç", "h"],
  ["χ", "x"],
  ["ħ", "h"],
  ["ɦ", "h"],
  ["q", "k"],
  ["c", "k"],
  ["ɲ", "nj"],
  ["ʎ", "lj"],
  ["ɬ", "l"],
  ["ɫ", "l"],
  ["ɭ", "l"],
  ["ŋ", "N"],
  ["θ", "T"],
  ["ð", "D"],
  ["ʃ", "S"],
  ["ʂ", "S"],
  ["ɕ", "S"],
  ["ʒ", "Z"],
  ["ʐ", "Z"],
  ["ʑ", "Z"],
  ["ɸ", "f"],
  ["β", "v"],
  ["ʋ", "v"],
  ["ʔ", "?"],
  ["ˈ", "'"],
  ["ˌ", ","],
  [" ", " "],
  ["‿", ""],
  [".", ""],
];
/** What other languages have of their own. */
const OTHERS: readonly (readonly [ipa: string, name: string])[] = [
  ["ɑː", "a:"],
  ["aː", "a:"],
  ["eː", "e:"],
  ["oː", "o:"],
  ["yː", "y:"],
  ["øː", "Y:"],
  ["ɛː", "E:"],
  ["ɑ", "a"],
  ["ɔ", "O"],
  ["i", "i"],
  ["u", "u"],
  ["y", "y"],
  ["ø", "Y"],
  ["œ", "W"],
  ["e", "e"],
  ["o", "o"],
  ["ç", "C"],
  ["ɲ", "n^"],
  ["ʎ", "l^"],
  ["ɾ", "*"],
];
const PLAIN = /[bdfghjklmnprstvwxz]/;

/**
 * Sounds in eSpeak's own names, as they stand between `[[` and `]]`; what it has no name for is left out.
 * @param ipa International Phonetic Alphabet
 * @param language BCP 47
 */
export function espeakPhonemes(ipa: string, language: string): string {
  const names = /^en(?:-|$)/i.test(language) ? ENGLISH : [...OTHERS, ...ENGLISH];
  const written = ipa.normalize("NFC");
  let out = "";
  for (let at = 0; at < written.length; ) {
    const [sound, name] = names.find(([start]) => written.startsWith(start, at)) ?? [];
    const char = written.charAt(at);
    out += name ?? (PLAIN.test(char) ? char : "");
    at += sound?.length ?? 1;
  }
  return out.trim();
}
