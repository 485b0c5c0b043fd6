/** A text as Flite can read it. */
export interface FliteText {
  /** Printable ASCII. */
  ascii: string;
  /** For every character of `ascii`, where it comes from in the text: UTF-16 units. */
  origins: readonly number[];
}

/** Characters that are neither ASCII nor an ASCII letter with a mark, but have a spelling in ASCII. */
const SPELLED: Readonly<Record<string, string>> = {
  "‘": "'",
  "’": "'",
  ʼ: "'",
  "…": "...",
  "—": ", ",
  "–": ", ",
  "‐": "-",
  "‑": "-",
  "−": "-",
  ß: "ss",
  æ: "ae",
  Æ: "Ae",
  œ: "oe",
  Œ: "Oe",
  ø: "o",
  Ø: "O",
  đ: "d",
  Đ: "D",
  ð: "th",
  Ð: "Th",
  þ: "th",
  Þ: "Th",
  ł: "l",
  Ł: "L",
  ı: "i",
};

/** Marks that are for the eye; Flite reads them out, some of them in odd ways. */
const SILENT = /[_*~^|\\{}<>[\]`"#]/;
const MARK = /\p{M}/u;
/** Spells a text in ASCII: letters lose their marks, what has no spelling becomes a space. */
export function toAscii(text: string): FliteText {
  const origins: number[] = [];
  let ascii = "";
  let at = 0;
  for (const char of text) {
    for (const spelled of spell(char)) {
      ascii += spelled;
      origins.push(at);
    }
    at += char.length;
  }
  return { ascii, origins };
}

function spell(char: string): string {
  if (MARK.test(char)) return "";
  const known = Object.hasOwn(SPELLED, char) ? SPELLED[char] : undefined;
  if (known !== undefined) return known;
  const plain = [...char.normalize("NFKD")].filter((each) => !MARK.test(each)).join("");
  return /^[ -~]+$/.test(plain) && !SILENT.test(plain) ? plain : " ";
}
