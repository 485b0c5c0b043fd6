import { oneOf } from "../english/patterns.ts";
import type { Rule } from "../rule.ts";
import { isTextOver, type Names, nameFor } from "./notation.ts";

/** What things are measured by, in one language. */
export interface UnitWords {
  /** By how they are written. */
  names: Readonly<Record<string, Names>>;
  /** Around the name of one with ² or ³: `Quadrat{}`, `{} cuadrados`. */
  square: string;
  cubic: string;
  /** What stands behind the slash of `km/h`, and how it is said. */
  per: Readonly<Record<string, string>>;
  degree: Names;
  /** Of °C and °F. */
  scales: readonly [string, string];
  /** `1 m` and `1 h`, where the number alone would be read as in counting. */
  one: readonly [man: string, woman: string];
  /** Names that are of women. */
  women: RegExp;
}

/** A number as it is written where a comma stands before its decimals, and where a point does. */
const NUMBER = "\\d{1,3}(?:[.\u00a0\u202f ]\\d{3}){1,5}(?!\\d)(?:,\\d{1,3})?|\\d{1,9}(?:[.,]\\d{1,3})?";

/** `20 km/h`, `5–10 kg`, `−5 °C`, `10 m²`: the number stays as it is written. @param to between the ends of a range */
export function unitRule(words: UnitWords, to: string): Rule {
  const units = oneOf(Object.keys(words.names));
  const times = oneOf(Object.keys(words.per));
  const source = `(${NUMBER})(?:\\s?[–—-]\\s?(${NUMBER}))?[\\s\u00a0\u202f]?(?:(°)\\s?([CFС])?|(${units})([²³])?(?:/(${times}))?)(?![\\p{L}\\p{N}²³/])(\\.?)`;
  return {
    pattern: new RegExp(source, "uy"),
    say: (match, { text, end, before }) => {
      if (/[\p{L}\p{N}_]$|\p{N}[.,:/–-]$/u.test(before)) return undefined;
      const [, from = "", until, isDegree, scale, unit = "", power, per, point] = match;
      const number = until ?? from;
      const names = isDegree ? words.degree : (words.names[unit] ?? words.degree);
      const plain = nameFor(number, names);
      const form = power === undefined ? "{}" : power === "²" ? words.square : words.cubic;
      const name = form.replace(
        "{}",
        form.startsWith("{}") || form.includes(" ") ? plain : plain.toLowerCase(),
      );
      const count = number === "1" ? words.one[words.women.test(plain) ? 1 : 0] : number;
      const range = until === undefined ? "" : `${from} ${to} `;
      const ofScale = scale === undefined ? "" : ` ${words.scales[scale === "F" ? 1 : 0]}`;
      const rate = per === undefined ? "" : ` ${words.per[per]}`;
      return `${range}${count} ${name}${ofScale}${rate}${point && isTextOver(text, end) ? "." : ""}`;
    },
  };
}

/** `km Kilometer, t Tonne/Tonnen`: what one is called, and many. */
function named(list: string): Readonly<Record<string, Names>> {
  const entries = list.split(", ").map((entry) => {
    const [unit = "", words = ""] = entry.split(" ");
    const [one = "", few = one, many] = words.split("/");
    const names: Names = many === undefined ? [one, few] : [one, few, many];
    return [unit, names] as const;
  });
  return Object.fromEntries(entries);
}

/** By language. */
export const UNITS: Readonly<Record<string, UnitWords>> = {
  de: {
    names: named(
      "km Kilometer, m Meter, cm Zentimeter, mm Millimeter, kg Kilogramm, g Gramm, mg Milligramm, t Tonne/Tonnen, l Liter, L Liter, dl Deziliter, cl Zentiliter, ml Milliliter, Std Stunde/Stunden, min Minute/Minuten, Min Minute/Minuten, s Sekunde/Sekunden, Sek Sekunde/Sekunden",
    ),
    square: "Quadrat{}",
    cubic: "Kubik{}",
    per: { h: "pro Stunde", s: "pro Sekunde", min: "pro Minute" },
    degree: ["Grad", "Grad"],
    scales: ["Celsius", "Fahrenheit"],
    one: ["ein", "eine"],
    women: /e$/,
  },
  fr: {
    names: named(
      "km kilomètre/kilomètres, m mètre/mètres, cm centimètre/centimètres, mm millimètre/millimètres, kg kilo/kilos, g gramme/grammes, mg milligramme/milligrammes, t tonne/tonnes, l litre/litres, L litre/litres, dl décilitre/décilitres, cl centilitre/centilitres, ml millilitre/millilitres, min minute/minutes, s seconde/secondes",
    ),
    square: "{} carrés",
    cubic: "{} cubes",
    per: { h: "heure", s: "par seconde", min: "par minute" },
    degree: ["degré", "degrés"],
    scales: ["Celsius", "Fahrenheit"],
    one: ["un", "une"],
    women: /(?:tonne|minute|seconde)$/,
  },
  es: {
    names: named(
      "km kilómetro/kilómetros, m metro/metros, cm centímetro/centímetros, mm milímetro/milímetros, kg kilo/kilos, g gramo/gramos, mg miligramo/miligramos, t tonelada/toneladas, l litro/litros, L litro/litros, cl centilitro/centilitros, ml mililitro/mililitros, min minuto/minutos, s segundo/segundos",
    ),
    square: "{} cuadrados",
    cubic: "{} cúbicos",
    per: { h: "por hora", s: "por segundo", min: "por minuto" },
    degree: ["grado", "grados"],
    scales: ["Celsius", "Fahrenheit"],
    one: ["un", "una"],
    women: /a$/,
  },
  it: {
    names: named(
      "km chilometro/chilometri, m metro/metri, cm centimetro/centimetri, mm millimetro/millimetri, kg chilo/chili, g grammo/grammi, mg milligrammo/milligrammi, t tonnellata/tonnellate, l litro/litri, L litro/litri, cl centilitro/centilitri, ml millilitro/millilitri, min minuto/minuti, s secondo/secondi",
    ),
    square: "{} quadrati",
    cubic: "{} cubi",
    per: { h: "all'ora", s: "al secondo", min: "al minuto" },
    degree: ["grado", "gradi"],
    scales: ["Celsius", "Fahrenheit"],
    one: ["un", "una"],
    women: /a$/,
  },
  pt: {
    names: named(
      "km quilômetro/quilômetros, m metro/metros, cm centímetro/centímetros, mm milímetro/milímetros, kg quilo/quilos, g grama/gramas, mg miligrama/miligramas, t tonelada/toneladas, l litro/litros, L litro/litros, cl centilitro/centilitros, ml mililitro/mililitros, min minuto/minutos, s segundo/segundos",
    ),
    square: "{} quadrados",
    cubic: "{} cúbicos",
    per: { h: "por hora", s: "por segundo", min: "por minuto" },
    degree: ["grau", "graus"],
    scales: ["Celsius", "Fahrenheit"],
    one: ["um", "uma"],
    women: /tonelada$/,
  },
  ru: {
    names: named(
      "км километр/километра/километров, м метр/метра/метров, см сантиметр/сантиметра/сантиметров, мм миллиметр/миллиметра/миллиметров, кг килограмм/килограмма/килограммов, г грамм/грамма/граммов, л литр/литра/литров, мл миллилитр/миллилитра/миллилитров, ч час/часа/часов, мин минута/минуты/минут, сек секунда/секунды/секунд",
    ),
    square: "квадратных {}",
    cubic: "кубических {}",
    per: { ч: "в час", с: "в секунду", мин: "в минуту" },
    degree: ["градус", "градуса", "градусов"],
    scales: ["Цельсия", "Фаренгейта"],
    one: ["один", "одна"],
    women: /а$/,
  },
};
