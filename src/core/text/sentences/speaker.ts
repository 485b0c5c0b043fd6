/** How somebody is said to speak, behind what they say. */
const SPEAKS = new Set(
  (
    "say said says ask asked asks cry cried cries call called calls shout shouted shouts yell yelled yells whisper whispered whispers reply replied replies answer answered " +
    "answers muttered mutters murmured screamed screams growled growls hissed hisses snapped snaps laughed laughs exclaimed " +
    "roared roars barked barks bellowed bellows sighed sighs demanded demands continued added adds began begins croaked " +
    "groaned snarled mumbled stammered gasped boomed grunted spat repeated insisted warned warns agreed inquired"
  ).split(" "),
);
/** They begin what happens next: `“What amulet?” He sighs.` */
const NO_SPEAKER = /^(?:He|She|It|We|You|They|Nobody|None|No|Silence)$/;
/** `The stranger does not answer.` */
const DOES = /^(?:do|does|did|not|never|is|was|were|has|had|will|can|cannot|could|would|n[o’']t)$/;
/** Words that may stand before the verb besides names: `“Run!” The old guard cried.` */
const MAX_WORDS = 3;

/**
 * Whether what follows a cry in quotes says who it was, `“Who goes there?” Thorin asked.`: then the sentence goes on.
 * @param isWhole nothing comes behind `next`
 */
export function isSpeakerNamed(next: string, isWhole: boolean): "ends" | "goes on" | "wait" {
  const words = next.split(" ", MAX_WORDS + 2);
  const isOpen = !isWhole;
  for (const [index, written] of words.entries()) {
    const isLast = index === words.length - 1 && next.split(" ").length === words.length;
    const isOpenEnd = isLast && isOpen;
    const word = /^[\p{L}\p{M}’'-]*/u.exec(written)?.[0] ?? "";
    const rest = written.slice(word.length);
    if (index > MAX_WORDS) return "ends";
    if (isOpenEnd && rest === "") return "wait";
    if (index > 0 && SPEAKS.has(word)) return "goes on";
    if (isOpenEnd && rest === ".") return "wait";
    // A name, its title, or the first words of who it is.
    const isName = /^\p{Lu}/u.test(word) && (rest === "" || rest === ".");
    const isOfSpeaker = isName || (index > 0 && rest === "" && /^\p{Ll}/u.test(word));
    if (!isOfSpeaker || DOES.test(word) || (index === 0 && NO_SPEAKER.test(word))) return "ends";
  }
  return isWhole ? "ends" : "wait";
}
