import { ESPEAK_ONSETS, FLITE_CODAS, FLITE_ONSETS } from "./clusters.ts";
import { KNOWN_TO_FLITE } from "./flite-lexicon.ts";

/** An engine that spells words which it cannot pronounce; what it takes for pronounceable was found by trying. */
export type Speller = "flite" | "espeak";

const VOWEL = /[aeiouy]/;
/** How beginnings sound that no English word has. */
const ONSET_SAID: Readonly<Record<string, string>> = {
  mj: "my",
  hj: "hy",
  nj: "ny",
  vj: "vy",
  lj: "ly",
  ks: "s",
  xh: "z",
  xv: "z",
  vh: "v",
  hv: "v",
  kv: "kw",
  gz: "z",
  mn: "n",
  ct: "t",
  dn: "n",
  fn: "n",
  tm: "m",
  tl: "t",
  tz: "ts",
  ng: "n",
  kz: "z",
  ss: "s",
  rr: "r",
  cth: "kuth",
  skj: "sh",
  sch: "sh",
  schm: "sm",
  schn: "sn",
  schw: "sw",
  mst: "m",
  sv: "sv",
};
/** Beginnings that Flite reads by itself. */
const ONSET_SAID_BY_ESPEAK: Readonly<Record<string, string>> = {
  ...ONSET_SAID,
  fj: "fy",
  gj: "gy",
  sj: "sh",
  tj: "ch",
  hr: "r",
  dh: "th",
  jh: "j",
  rw: "r",
  khr: "kr",
};
const CODA_SAID: Readonly<Record<string, string>> = {
  lsch: "lsh",
  nsch: "nch",
  rsch: "rs",
  tsch: "tch",
  zzt: "st",
  zt: "st",
  dt: "t",
  lq: "lk",
  nq: "nk",
  rq: "rk",
  gt: "kt",
  zd: "zed",
  tm: "tum",
  vl: "vul",
  vn: "ven",
};
/** Sounds that are written without a vowel, and what an engine says as a word. */
const SOUNDS: Readonly<Record<string, string>> = {
  hm: "hum",
  hmm: "hum",
  shh: "shush",
  ssh: "shush",
  psst: "pist",
  pst: "pist",
  pfft: "phut",
  grr: "grur",
  brr: "brur",
  tsk: "tisk",
  hrmph: "humph",
  hmph: "humph",
  zzz: "zuzz",
};
/** Short forms that every engine knows. */
const SHORT = /^(?:mr|mrs|ms|dr|st|mt|jr|sr|ltd|tv|vs)$/;
/** Words that eSpeak has in its own lexicon. */
const KNOWN_TO_ESPEAK =
  /^(?:cthulhu|dmitri|dniester|dvorak|fjord|gdansk|khmer|kjell|krzysztof|ljub|mnemon|phnom|pneum|sri|srin|xhosa|zlot)/;

interface Clusters {
  onsetSaid: Readonly<Record<string, string>>;
  isOnset: (cluster: string) => boolean;
  isCoda: (cluster: string) => boolean;
  knows: (word: string) => boolean;
}

const CLUSTERS: Readonly<Record<Speller, Clusters>> = {
  flite: {
    onsetSaid: ONSET_SAID,
    isOnset: (cluster) => cluster.length < 2 || FLITE_ONSETS.has(cluster) || /^[mn]c.$/.test(cluster),
    isCoda: (cluster) => cluster.length < 2 || FLITE_CODAS.has(cluster),
    knows: (word) => KNOWN_TO_FLITE.has(word),
  },
  espeak: {
    onsetSaid: ONSET_SAID_BY_ESPEAK,
    isOnset: (cluster) =>
      cluster.length < 2 || ESPEAK_ONSETS.has(cluster) || /^(?:[mn]c.|mc.*|sch[lmnrw])$/.test(cluster),
    isCoda: () => true,
    knows: (word) => KNOWN_TO_ESPEAK.test(word),
  },
};

/** What stands before the first vowel, up to the last one, and behind it. */
function partsOf(word: string): [onset: string, body: string, coda: string] {
  const first = word.search(VOWEL);
  if (first < 0) return [word, "", ""];
  let end = word.length;
  while (!VOWEL.test(word.charAt(end - 1))) end -= 1;
  return [word.slice(0, first), word.slice(first, end), word.slice(end)];
}

/** Whether the engine would say the letters of the word, one by one. @param word in small letters a–z */
function isSpelledOut(word: string, { isOnset, isCoda, knows }: Clusters): boolean {
  const [onset, body, coda] = partsOf(word);
  const isOdd = body === "" ? word.length > 1 : !isOnset(onset) || !isCoda(coda);
  return isOdd && !knows(word);
}

/**
 * A word that the engine would spell letter by letter, as one that it reads: `Drizzt` is Drist. Words in capitals are
 * meant to be spelled. Letters other than a–z are left as they are.
 * @returns undefined where the word needs no help
 */
export function respelled(word: string, engine: Speller): string | undefined {
  if (!/^\p{L}\p{Ll}{1,39}$/u.test(word) || !/^[a-z]+$/i.test(word)) return undefined;
  const clusters = CLUSTERS[engine];
  const lower = word.toLowerCase();
  if (SHORT.test(lower)) return undefined;
  const sound = SOUNDS[lower.replace(/(.)\1{2,}/g, "$1$1").replace(/^sshh?$/, "shh")];
  if (sound !== undefined && !(engine === "espeak" && lower === "tsk")) return capitalised(word, sound);
  // Flite's voices have no such sounds, although it takes them for a beginning.
  const isMute = engine === "flite" && /^h[lrnj]/.test(lower);
  if (isMute) return capitalised(word, lower.slice(1).replace(/^j/, "y"));
  if (word.length < 3 || !isSpelledOut(lower, clusters)) return undefined;
  if (engine === "espeak" && !/^\p{Lu}/u.test(word)) return undefined;
  const [onset, body, coda] = partsOf(lower);
  const [first, vowel, last] = body === "" ? withVowel(onset, clusters) : [onset, body, coda];
  return capitalised(word, readableOnset(first, clusters) + vowel + readableCoda(last, clusters));
}

/** A word without a vowel gets one as late as its beginning can be read. */
function withVowel(word: string, { isOnset }: Clusters): [string, string, string] {
  const units = unitsOf(word);
  let at = Math.max(1, units.length - 1);
  while (at > 1 && !isOnset(units.slice(0, at).join(""))) at -= 1;
  return [units.slice(0, at).join(""), "e", units.slice(at).join("")];
}

function readableOnset(onset: string, { isOnset, onsetSaid }: Clusters): string {
  if (isOnset(onset)) return onset;
  const key = [onset, onset.slice(0, 3), onset.slice(0, 2)].find((start) => Object.hasOwn(onsetSaid, start));
  const said = (key === undefined ? onset : `${onsetSaid[key]}${onset.slice(key.length)}`).replace(
    /^(.)\1/,
    "$1",
  );
  const first = said.search(VOWEL);
  if (isOnset(first < 0 ? said : said.slice(0, first))) return said;
  const units = unitsOf(said);
  let at = units.length;
  while (at > 1 && !isOnset(units.slice(0, at).join(""))) at -= 1;
  return `${units.slice(0, at).join("")}e${units.slice(at).join("")}`;
}

/** Vowels put between consonants until the rest can be read: at most so many. */
const MAX_VOWELS = 4;

function readableCoda(coda: string, { isCoda }: Clusters): string {
  if (isCoda(coda)) return coda;
  let said = CODA_SAID[coda] ?? coda.replace(/zh$/, "sh");
  if (!VOWEL.test(said) && !isCoda(said)) said = said.replace(/(.)\1/g, "$1");
  for (let round = 0; round < MAX_VOWELS && !VOWEL.test(said) && !isCoda(said); round++)
    said = split(said, isCoda);
  return said;
}

/** Best before a liquid, and where both halves can be read. */
function split(coda: string, isCoda: Clusters["isCoda"]): string {
  const units = unitsOf(coda);
  let best = `${units.slice(0, -1).join("")}e${units.at(-1)}`;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 1; at < units.length; at++) {
    const [left, right] = [units.slice(0, at).join(""), units.slice(at).join("")];
    const cost = (/^[rlmnv]/.test(right) ? 0 : 1) + (isCoda(left) ? 0 : 2) - left.length / 10;
    if (!isCoda(right) || cost >= least) continue;
    least = cost;
    best = `${left}e${right}`;
  }
  return best;
}

/** Letters, with those together that are one sound. */
function unitsOf(cluster: string): string[] {
  return cluster.match(/[tcsgkpzdr]h|ck|./g) ?? [];
}

function capitalised(word: string, said: string): string {
  return /^\p{Lu}/u.test(word) ? said.charAt(0).toUpperCase() + said.slice(1) : said;
}
