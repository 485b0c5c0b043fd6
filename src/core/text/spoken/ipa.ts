/** Letters and marks of the International Phonetic Alphabet, with spaces between words. */
const IPA =
  /^(?:[a-zæœøɶɐɑɒɓʙβɔɕçɗɖðʤəɘɚɛɜɝɞɟʄɡɠɢʛɦɧħɥʜɨɪʝɭɬɫɮʟɱɯɰŋɳɲɴɸθɹɺɾɻʀʁɽʂʃʈʧʉʊʋⱱʌɣɤʍχʎʏʑʐʒʔʡʕʢ]|[ˈˌːˑʰʷʲˠˤⁿ.‿| ]|[\u0300-\u0362])+$/u;

/** Whether a text is phonetic: `drɪst`. */
export function isIpa(text: string): boolean {
  return IPA.test(text.normalize("NFD").replaceAll("ç".normalize("NFD"), "ç"));
}
