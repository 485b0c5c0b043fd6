import { expect, test } from "bun:test";
import { saidOf, spokenForm } from "../../../../src/core/text/spoken/spoken-form.ts";

const CASES: Record<string, Record<string, string>> = {
  de: {
    "3. bis 5. August, 24.–26.12., XX. Jahrhundert, Kap. IX, 5 GM/Tag, Lvl. 3":
      "dritter bis fünfter August, vierundzwanzigster bis sechsundzwanzigster Dezember, zwanzigstes Jahrhundert, Kapitel 9, 5 Goldmünzen pro Tag, Level 3",
    "Das kostet EUR 5, 5 M€, 1,5 Mio. € oder 20 CHF, 3 €/h.":
      "Das kostet 5 Euro, 5 Millionen Euro, 1,5 Millionen Euro oder 20 Franken, 3 Euro pro Stunde.",
    "5/6, 3/10, ½ Stunde, 3:1, 4x, 2024/25":
      "5 Sechstel, 3 Zehntel, eine halbe Stunde, 3 zu 1, 4 mal, 2024 25",
    "Vom 3.–7. Juni, am 1. und 2. Tag, Montag, 5. Mai":
      "Vom dritten bis siebten Juni, am ersten und zweiten Tag, Montag, fünfter Mai",
    "5 − 3 = 2, ±1, 10 ÷ 2, 3 ‰, A & B, #3, gm@runde.de":
      "5 minus 3 gleich 2, plus minus 1, 10 durch 2, 3 Promille, A und B, Nummer 3, gm ät runde Punkt de",
    "25 GM und 1 SM, 2 t, 0800-123456, 1 h 30 min":
      "25 Goldmünzen und eine Silbermünze, 2 Tonnen, 0800-123456, eine Stunde 30 Minuten",
    "z.T. Hr. Klein, i.d.R. Fr. Groß, vgl. S. 3, o.ä.":
      "zum Teil Herr Klein, in der Regel Frau Groß, vergleiche Seite 3, oder Ähnliches.",
    "Am 30.11.2026, am 5.12., der 1.10.1492":
      "Am dreißigsten November 2026, am fünften Dezember, der erste Oktober vierzehnhundertzweiundneunzig",
    "20 km/h, −5 °C, 1 m, 10 m², 3/4, 1½, 10^3":
      "20 Kilometer pro Stunde, minus 5 Grad Celsius, ein Meter, 10 Quadratmeter, 3 Viertel, eineinhalb, 10 hoch 3",
    "2W6+3, 1W20-1, W%, TP 12/30, 3/Tag": "2 W 6 plus 3, 1 W 20 minus 1, W 100, TP 12 von 30, 3 pro Tag",
    "z. B. um 19.30 Uhr, d.h. ca. 300 v. Chr., S. 7":
      "zum Beispiel um 19 Uhr 30, das heißt circa 300 vor Christus, Seite 7",
    "der 1., der 2. und 12 345, 030/123": "der erste, der zweite und 12345, 030/123",
    "Um 8:00 Uhr und 8:30.": "Um 8 Uhr und 8 Uhr 30.",
    "Am 3. Oktober, das 1. Kapitel.": "Am dritten Oktober, das erste Kapitel.",
    "Heinrich VIII. und Elisabeth II.": "Heinrich der Achte und Elisabeth die Zweite.",
    "3,50 €, $500, 20–60 Meter": "3 Euro 50, 500 Dollar, 20 bis 60 Meter",
    "von 9:00–17:00 Uhr, US$ 50": "von 9 Uhr bis 17 Uhr, 50 Dollar",
    "Im Jahr 1492.": "Im Jahr vierzehnhundertzweiundneunzig.",
  },
  fr: {
    "10 po/jour, ½ kg, ch. IX, niv. 3": "10 pièces d'or par jour, un demi kilo, chapitre 9, niveau 3",
    "EUR 20, 5 M€, 2 Md$, 12 €/h, 1 000 €":
      "20 euros, 5 millions d'euros, 2 milliards de dollars, 12 euros de l'heure, 1000 euros",
    "5/6, 1/8, ½ heure, le 24/12, 3:1, 5x":
      "5 sixièmes, un huitième, une demi heure, le 24 décembre, 3 à 1, 5 fois",
    "de 14h–16h, les 1ers, 25 po, mj@table.fr, n° 7 & n° 8":
      "de 14 heures à 16 heures, les premiers, 25 pièces d'or, mj arobase table point fr, numéro 7 et numéro 8",
    "44 av. J.-C., MM. Dupont, Ste Anne": "44 avant Jésus-Christ, Messieurs Dupont, Sainte Anne",
    "le 30/11/2026, 20 km/h, −5 °C, 3,5 kg":
      "le 30 novembre 2026, 20 kilomètres heure, moins 5 degrés Celsius, 3,5 kilos",
    "2d6+3, 1d20-1, PV 12/30, ½, 1 250 po":
      "2 d 6 plus 3, 1 d 20 moins 1, PV 12 sur 30, un demi, 1250 pièces d'or",
    "p. ex. M. Dupont, Mme Klein, c.-à-d. 300 av. J.-C., n° 5":
      "par exemple Monsieur Dupont, Madame Klein, c'est-à-dire 300 avant Jésus-Christ, numéro 5",
    "À 8h30 ou 8:00.": "À 8 heures 30 ou 8 heures.",
    "le XVIe siècle, le 1er, 20–60": "le seizième siècle, le premier, 20 à 60",
    "au XVIIIᵉ siècle": "au dix-huitième siècle",
  },
  es: {
    "EUR 20, 5 M€, US$ 5, 3 €/día": "20 euros, 5 millones de euros, 5 dólares, 3 euros por día",
    "5/6, 1/2 hora, 90°, el 24/12, siglos XV y XVI, s. V":
      "5 sextos, media hora, 90 grados, el 24 de diciembre, siglos 15 y 16, siglo quinto",
    "De 9:00 a 17:00, a las 3 p. m., 12 500 orcos, 25 po":
      "De 9 horas a 17 horas, a las 3 de la tarde, 12500 orcos, 25 piezas de oro",
    "el 30/11/2026, 20 km/h, −5 °C, 1 m":
      "el 30 de noviembre de 2026, 20 kilómetros por hora, menos 5 grados Celsius, un metro",
    "2d6+3, 1d20-1, PG 12/30, 3/4, 1½, 3/día":
      "2 d 6 más 3, 1 d 20 menos 1, PG 12 de 30, 3 cuartos, 1 y medio, 3 por día",
    "D. Juan y el D. no": "don Juan y el D. no",
    "p. ej. el Sr. López, EE. UU., 300 a. C.":
      "por ejemplo el señor López, Estados Unidos, 300 antes de Cristo.",
    "El siglo XIX y el siglo V.": "El siglo 19 y el siglo quinto.",
    "A las 8:30, el 3.º y la 3.ª, 20-60": "A las 8 y 30, el tercero y la tercera, 20 a 60",
  },
  it: {
    "10 €/notte, 5 mo/giorno, 1° gennaio, 3 €/anno":
      "10 euro a notte, 5 monete d'oro al giorno, primo gennaio, 3 euro all'anno",
    "EUR 20, 5 mln €, 12 €/h, 25 mo": "20 euro, 5 milioni di euro, 12 euro all'ora, 25 monete d'oro",
    "5/6, ½ ora, il 1° maggio, 90°, il 24/12, secoli XV e XVI":
      "5 sesti, mezza ora, il primo maggio, 90 gradi, il 24 dicembre, secoli quindicesimo e sedicesimo",
    "Sig.ra Bianchi, P.zza Navona, 10 ÷ 2 = 5": "Signora Bianchi, Piazza Navona, 10 diviso 2 uguale a 5",
    "il 30/11/2026, alle 7.30, 20 km/h, −5 °C":
      "il 30 novembre 2026, alle 7 e 30, 20 chilometri all'ora, meno 5 gradi Celsius",
    "ad es. i 3 es. facili": "ad esempio i 3 es. facili",
    "2d6+3, PF 12/30, 3/4, il sig. Rossi, ecc.":
      "2 d 6 più 3, PF 12 su 30, 3 quarti, il signor Rossi, eccetera.",
    "Il XIX secolo, nel secolo XV": "Il diciannovesimo secolo, nel secolo quindicesimo",
    "Alle 8:30, 3º e 3ª, 3,50 €": "Alle 8 e 30, terzo e terza, 3 euro e 50",
  },
  pt: {
    "5/6, 5 M€, 25 po, 3:1": "5 sextos, 5 milhões de euros, 25 peças de ouro, 3 a 1",
    "30/11/2026, 20 km/h, 3/4, PV 12/30.":
      "30 de novembro de 2026, 20 quilômetros por hora, 3 quartos, PV 12 de 30.",
    "Às 8:00, João VI e Maria II": "Às 8 horas, João sexto e Maria segunda",
    "O século XXI e o século III": "O século 21 e o século terceiro",
    "R$ 50 e R$1,50": "50 reais e 1 real e 50",
  },
  pl: {
    "5/6, 2/5, 5 mln €": "5 szóstych, dwie piąte, 5 milionów euro",
    "30.11.2026, −5, 3/4, 2k6+3":
      "trzydziestego listopada dwa tysiące dwudziestego szóstego roku, minus 5, 3 czwarte, 2 k 6 plus 3",
    "O 8:00, 3. maja, 5 zł, 2 zł": "O ósmej, trzeciego maja, 5 złotych, 2 złote",
    "XIX wiek, w XIX wieku, z III wieku": "dziewiętnasty wiek, w dziewiętnastym wieku, z trzeciego wieku",
    "Jan III i Anna II, 20–60": "Jan trzeci i Anna druga, 20 do 60",
  },
  ru: {
    "5/6, 2/5, 5 млн $, 3:1": "5 шестых, две пятых, 5 миллионов долларов, 3 к 1",
    "30.11.2026, 20 км/ч, −5 °C, 3,5 кг, 1½":
      "тридцатого ноября две тысячи двадцать шестого года, 20 километров в час, минус 5 градусов Цельсия, 3,5 килограмма, полтора",
    "2к6+3, 1к20-1, ОЗ 12/30, +7 495 123-45-67":
      "2 к 6 плюс 3, 1 к 20 минус 1, ОЗ 12 из 30, плюс 7 495 123-45-67",
    "80-е годы, в XX в., т. е. № 5, 5 руб.":
      "восьмидесятые годы, в двадцатом веке, то есть номер 5, 5 рублей.",
    "В 8:00, 5 мая, 21 ₽": "В 8 часов, пятого мая, 21 ₽".replace("21 ₽", "21 рубль"),
    "XIX век, в XX веке, конец III века": "девятнадцатый век, в двадцатом веке, конец третьего века",
    "5 мая 1945 г.": "пятого мая тысяча девятьсот сорок пятого года",
    "В 1492 г. Пётр I и Екатерина II":
      "В тысяча четыреста девяносто втором году Пётр первый и Екатерина вторая",
  },
  ja: {
    "午後7:30、2026-11-30、11/30、5-10人": "午後7時30分、2026年11月30日、11月30日、5から10人",
    "¥500、$5、-5°C、20km/h、3/4、第IV章": "500円、5ドル、マイナス5度、20キロメートル毎時、4分の3、第4章",
    "2d6+3、1d20-1、5%、AC17、+2": "2 d 6プラス3、1 d 20マイナス1、5パーセント、AC17、プラス2",
  },
  zh: {
    "晚上7:30，0:05，2026-11-30，5～10公里": "晚上7点30分，0点零5分，2026年11月30日，5到10公里",
    "¥500，$5，-5°C，5%，3/4，第IV章": "500元，5美元，零下5摄氏度，百分之5，4分之3，第4章",
    "掷2d6+3，HP 12/30，5−3": "掷2 d 6加3，HP 12，上限30，5减3",
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
