import type { Piece } from "../piece.ts";

const GREEK =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega".split(
    " ",
  );
const HEBREW =
  "aleph bet gimel dalet he vav zayin chet tet yod kaf kaf lamed mem mem nun nun samekh ayin pe pe tsadi tsadi qof resh shin tav".split(
    " ",
  );
const CYRILLIC =
  "ah beh veh geh deh yeh zheh zeh ee ee-kratkoye kah el em en oh peh er ess teh oo eff khah tseh cheh shah shchah hard-sign yery soft-sign eh yoo yah".split(
    " ",
  );
const ARABIC: Readonly<Record<string, string>> = {
  ا: "alif",
  ب: "ba",
  ت: "ta",
  ج: "jim",
  د: "dal",
  ر: "ra",
  س: "sin",
  ش: "shin",
  ع: "ain",
  ق: "qaf",
  ك: "kaf",
  ل: "lam",
  م: "mim",
  ن: "nun",
  ه: "ha",
  و: "waw",
  ي: "ya",
};

/** Runs of letters by the code of the first. */
const ALPHABETS: readonly (readonly [first: number, names: readonly string[]])[] = [
  [0x3b1, GREEK],
  [0x5d0, HEBREW],
  [0x430, CYRILLIC],
];
const FOREIGN =
  /(?<![\p{L}\p{M}])[\p{Script=Greek}\p{Script=Hebrew}\p{Script=Cyrillic}\p{Script=Arabic}](?![\p{L}\p{M}])/gu;

/** A single letter of another alphabet by its name: `α` is alpha. Of letters within words nothing is said. */
export function letterNames(text: string): Piece[] {
  return Array.from(text.matchAll(FOREIGN), ({ 0: letter, index }) => ({ letter, index })).flatMap(
    ({ letter, index }) => {
      const said = nameOf(letter);
      return said === undefined ? [] : [{ from: index, to: index + letter.length, said }];
    },
  );
}

function nameOf(letter: string): string | undefined {
  if (Object.hasOwn(ARABIC, letter)) return ARABIC[letter];
  const code = letter.normalize("NFD").toLowerCase().codePointAt(0) ?? 0;
  const [first = 0, names] =
    ALPHABETS.find(([start, all]) => code >= start && code < start + all.length) ?? [];
  return names?.[code - first];
}
