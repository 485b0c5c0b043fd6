import { expect, test } from "bun:test";
import { saidOf, spokenForm } from "../../../../src/core/text/spoken/spoken-form.ts";

const CASES: Record<string, Record<string, string>> = {
  de: {
    "Um 8:00 Uhr und 8:30.": "Um 8 Uhr und 8 Uhr 30.",
    "Am 3. Oktober, das 1. Kapitel.": "Am dritten Oktober, das erste Kapitel.",
    "Heinrich VIII. und Elisabeth II.": "Heinrich der Achte und Elisabeth die Zweite.",
    "3,50 €, $500, 20–60 Meter": "3 Euro 50, 500 Dollar, 20 bis 60 Meter",
    "von 9:00–17:00 Uhr, US$ 50": "von 9 Uhr bis 17 Uhr, 50 Dollar",
    "Im Jahr 1492.": "Im Jahr vierzehnhundertzweiundneunzig.",
  },
  fr: {
    "À 8h30 ou 8:00.": "À 8 heures 30 ou 8 heures.",
    "le XVIe siècle, le 1er, 20–60": "le seizième siècle, le premier, 20 à 60",
    "au XVIIIᵉ siècle": "au dix-huitième siècle",
  },
  es: {
    "El siglo XIX y el siglo V.": "El siglo 19 y el siglo quinto.",
    "A las 8:30, el 3.º y la 3.ª, 20-60": "A las 8 y 30, el tercero y la tercera, 20 a 60",
  },
  it: {
    "Il XIX secolo, nel secolo XV": "Il diciannovesimo secolo, nel secolo quindicesimo",
    "Alle 8:30, 3º e 3ª, 3,50 €": "Alle 8 e 30, terzo e terza, 3 euro e 50",
  },
  pt: {
    "Às 8:00, João VI e Maria II": "Às 8 horas, João sexto e Maria segunda",
    "O século XXI e o século III": "O século 21 e o século terceiro",
    "R$ 50 e R$1,50": "50 reais e 1 real e 50",
  },
  pl: {
    "O 8:00, 3. maja, 5 zł, 2 zł": "O ósmej, trzeciego maja, 5 złotych, 2 złote",
    "XIX wiek, w XIX wieku, z III wieku": "dziewiętnasty wiek, w dziewiętnastym wieku, z trzeciego wieku",
    "Jan III i Anna II, 20–60": "Jan trzeci i Anna druga, 20 do 60",
  },
  ru: {
    "В 8:00, 5 мая, 21 ₽": "В 8 часов, пятого мая, 21 ₽".replace("21 ₽", "21 рубль"),
    "XIX век, в XX веке, конец III века": "девятнадцатый век, в двадцатом веке, конец третьего века",
    "5 мая 1945 г.": "пятого мая тысяча девятьсот сорок пятого года",
    "В 1492 г. Пётр I и Екатерина II":
      "В тысяча четыреста девяносто втором году Пётр первый и Екатерина вторая",
  },
};

for (const [language, cases] of Object.entries(CASES)) {
  test(`what engines get wrong in ${language} is written out`, () => {
    for (const [written, expected] of Object.entries(cases))
      expect(saidOf(spokenForm(written, { language }))).toBe(expected);
  });
}

test("a language without rules is left to its engine", () => {
  expect(saidOf(spokenForm("Klokken 8:00, 20–60", { language: "da" }))).toBe("Klokken 8:00, 20–60");
});
