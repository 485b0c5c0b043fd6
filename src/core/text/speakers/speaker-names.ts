import { abbreviationsOf } from "../sentences/abbreviations.ts";
import { startersOf } from "../sentences/starters.ts";

/** They stand before a colon at the beginning of a line, and nobody is called so. */
const LABELS: ReadonlySet<string> = new Set(
  (
    "note notes warning tip tips hint hints example examples summary recap chapter scene act part section location place setting " +
    "time date day night morning evening title author speed hp ac dc xp cr armor armour class hit points strength dexterity " +
    "constitution intelligence wisdom charisma perception options option choices choice actions action bonus reaction reactions " +
    "quest quests reward rewards result results roll rolls dice damage description question questions answer answers step steps " +
    "remember reminder caution attention important beware fact facts history background backstory inventory items item loot " +
    "treasure gold cost price weight range duration target effect effects level round turn initiative status health mana skill " +
    "skills spell spells ability abilities saving throw throws save saves check checks goal goals objective objectives plan " +
    "problem solution reason conclusion introduction prologue epilogue intro outro rule rules map key room area exits exit " +
    "weather mood theme context instructions instruction output input response prompt system user assistant ps pps nb fyi todo " +
    "update news source sources edit figure table contents list total name names race alignment languages language senses " +
    "challenge proficiency type size equipment features feature traits trait flaw bond ideal personality appearance secret " +
    "clue clues rumor rumors rumour rumours encounter encounters combat success failure outcome consequences consequence next " +
    "previous imagine picture first second third fourth lastly listen otherwise moreover " +
    "hinweis anmerkung achtung beispiel ort zeit datum szene kapitel frage antwort ergebnis schaden wurf ziel aufgabe belohnung " +
    "wetter zusammenfassung wichtig warnung tipp regel regeln merke " +
    "remarque lieu heure scène chapitre réponse résultat dégâts objectif récompense résumé exemple " +
    "nota aviso atención lugar hora escena capítulo pregunta respuesta resultado daño objetivo recompensa resumen ejemplo " +
    "attenzione luogo ora scena capitolo domanda risposta risultato danni obiettivo riassunto esempio"
  ).split(" "),
);

/** Whoever tells the story. */
const NARRATORS: ReadonlySet<string> = new Set(
  (
    "dm,gm,narrator,narration,storyteller,game master,gamemaster,dungeon master,the narrator,erzähler,erzählerin,spielleiter," +
    "spielleiterin,narrateur,narratrice,narrador,narradora,narratore"
  ).split(","),
);

/** They begin small within a name: `Conan the Barbarian`, `Ludwig van Rhein`. */
const PARTICLES: ReadonlySet<string> = new Set(
  "of the and & von vom van de der den di da du del della la le el al bin ibn zu zum und y et e d' af av".split(
    " ",
  ),
);
const ARTICLES: ReadonlySet<string> = new Set("the a an der die das le la les el los las il lo".split(" "));

/** A written name, white space and case aside. */
export function speakerKey(name: string): string {
  return name.normalize("NFC").toLowerCase().replace(/\s+/gu, " ").trim();
}

/** Whether it is whoever tells the story. */
export function isNarratorName(name: string): boolean {
  return NARRATORS.has(speakerKey(name));
}

/**
 * Whether somebody whom nobody knows may be called so: words that begin with a capital, none of which announces
 * something or begins a sentence. In scripts without capitals there is no telling.
 * @param language of two or three letters
 */
export function isNameLike(name: string, language: string): boolean {
  const words = name.split(/\s+/u);
  const [first = ""] = words;
  const isNamed = words.every(
    (word, index) =>
      /^[\p{Lu}\p{Lt}]/u.test(word) || (index > 0 && (/^\d{1,3}$/.test(word) || PARTICLES.has(word))),
  );
  if (!isNamed || words.some((word) => LABELS.has(word.toLowerCase()))) return false;
  if (words.length === 1 && (first.length < 2 || ARTICLES.has(first.toLowerCase()))) return false;
  if (ARTICLES.has(first.toLowerCase())) return true;
  return !startersOf(language).has(first) && !startersOf("en").has(first);
}

/** Whether a full stop behind this word belongs to a name: `Dr.`, `J.` @param word without it */
export function isAbbreviatedName(word: string, language: string): boolean {
  return /^\p{Lu}$/u.test(word) || abbreviationsOf(language).titles.has(word);
}
