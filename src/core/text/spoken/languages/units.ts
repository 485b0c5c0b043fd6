import { oneOf } from "../english/patterns.ts";
import type { Rule } from "../rule.ts";
import { isTextOver, type Names, type Notation, nameFor } from "./notation.ts";

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

/** `20 km/h`, `5–10 kg`, `−5 °C`, `10 m²`: the number stays as it is written. */
export function unitRule(words: UnitWords, { to, signs }: Pick<Notation, "to" | "signs">): Rule {
  const units = oneOf(Object.keys(words.names));
  const times = oneOf(Object.keys(words.per));
  const source = `(${NUMBER})(?:\\s?[–—-]\\s?(${NUMBER}))?[\\s\u00a0\u202f]?(?:(°)\\s?([CFС])?|(${units})([²³])?(?:/(?:(${times})(?!\\p{L})|(\\p{L}\\p{Ll}{2,11})))?)(?![\\p{L}\\p{N}²³/])(\\.?)`;
  return {
    pattern: new RegExp(source, "uy"),
    say: (match, { text, end, before }) => {
      if (/[\p{L}\p{N}_]$|\p{N}[.,:/–-]$/u.test(before)) return undefined;
      const [, from = "", until, isDegree, scale, unit = "", power, per, turn, point] = match;
      const number = until ?? from;
      const names = isDegree ? words.degree : (words.names[unit] ?? words.degree);
      const plain = nameFor(number, names);
      const form = power === undefined ? "{}" : power === "²" ? words.square : words.cubic;
      const name = form.replace(
        "{}",
        form.startsWith("{}") || form.includes(" ") ? plain : plain.toLowerCase(),
      );
      const count = number === "1" ? words.one[words.women.test(plain) ? 1 : 0] : unspaced(number);
      const range = until === undefined ? "" : `${unspaced(from)} ${to} `;
      const ofScale = scale === undefined ? "" : ` ${words.scales[scale === "F" ? 1 : 0]}`;
      const rate = per !== undefined ? ` ${words.per[per]}` : turn !== undefined ? ` ${signs.per(turn)}` : "";
      return `${range}${count} ${name}${ofScale}${rate}${point && isTextOver(text, end) ? "." : ""}`;
    },
  };
}

/** One number, where spaces stand between its thousands. */
function unspaced(number: string): string {
  return number.replace(/[\u00a0\u202f ]/g, "");
}

/** `km Kilometer, t Tonne/Tonnen`: what one is called, and many. */
function named(list: string): Readonly<Record<string, Names>> {
  const entries = list.split(", ").map((entry) => {
    const [unit = "", words = ""] = entry.split(" ");
    const [one = "", few = one, many] = words.replaceAll("_", " ").split("/");
    const names: Names = many === undefined ? [one, few] : [one, few, many];
    return [unit, names] as const;
  });
  return Object.fromEntries(entries);
}

const CELSIUS = ["Celsius", "Fahrenheit"] as const;

/** By language. */
export const UNITS: Readonly<Record<string, UnitWords>> = {
  de: {
    names: named(
      "km Kilometer, m Meter, cm Zentimeter, mm Millimeter, kg Kilogramm, g Gramm, l Liter, L Liter, ml Milliliter, Std Stunde/Stunden, min Minute/Minuten, Min Minute/Minuten, s Sekunde/Sekunden, t Tonne/Tonnen, ha Hektar, mg Milligramm, MB Megabyte, GB Gigabyte, W Watt, kW Kilowatt, kWh Kilowattstunde/Kilowattstunden, V Volt, dB Dezibel, ft Fuß, lb Pfund, ct Cent, GM Goldmünze/Goldmünzen, SM Silbermünze/Silbermünzen, KM Kupfermünze/Kupfermünzen, PM Platinmünze/Platinmünzen",
    ),
    square: "Quadrat{}",
    cubic: "Kubik{}",
    per: { h: "pro Stunde", s: "pro Sekunde" },
    degree: ["Grad", "Grad"],
    scales: CELSIUS,
    one: ["ein", "eine"],
    women: /e$/,
  },
  fr: {
    names: named(
      "km kilomètre/kilomètres, m mètre/mètres, cm centimètre/centimètres, mm millimètre/millimètres, kg kilo/kilos, g gramme/grammes, l litre/litres, L litre/litres, ml millilitre/millilitres, min minute/minutes, s seconde/secondes, t tonne/tonnes, ha hectare/hectares, mg milligramme/milligrammes, Mo mégaoctet/mégaoctets, Go gigaoctet/gigaoctets, W watt/watts, kW kilowatt/kilowatts, V volt/volts, dB décibel/décibels, ft pied/pieds, lb livre/livres, ct centime/centimes, cts centime/centimes, po pièce_d'or/pièces_d'or, pa pièce_d'argent/pièces_d'argent, pc pièce_de_cuivre/pièces_de_cuivre, pp pièce_de_platine/pièces_de_platine",
    ),
    square: "{} carrés",
    cubic: "{} cubes",
    per: { h: "heure", s: "par seconde" },
    degree: ["degré", "degrés"],
    scales: CELSIUS,
    one: ["un", "une"],
    women: /^(?:minute|seconde|tonne|livre|pièce)/,
  },
  es: {
    names: named(
      "km kilómetro/kilómetros, m metro/metros, cm centímetro/centímetros, mm milímetro/milímetros, kg kilo/kilos, g gramo/gramos, l litro/litros, L litro/litros, ml mililitro/mililitros, min minuto/minutos, s segundo/segundos, t tonelada/toneladas, ha hectárea/hectáreas, mg miligramo/miligramos, MB megabyte/megabytes, GB gigabyte/gigabytes, W vatio/vatios, kW kilovatio/kilovatios, V voltio/voltios, dB decibelio/decibelios, ft pie/pies, lb libra/libras, cts céntimo/céntimos, po pieza_de_oro/piezas_de_oro, pp pieza_de_plata/piezas_de_plata, pc pieza_de_cobre/piezas_de_cobre",
    ),
    square: "{} cuadrados",
    cubic: "{} cúbicos",
    per: { h: "por hora", s: "por segundo" },
    degree: ["grado", "grados"],
    scales: CELSIUS,
    one: ["un", "una"],
    women: /^\p{L}+a(?!\p{L})/u,
  },
  it: {
    names: named(
      "km chilometro/chilometri, m metro/metri, cm centimetro/centimetri, mm millimetro/millimetri, kg chilo/chili, g grammo/grammi, l litro/litri, L litro/litri, ml millilitro/millilitri, min minuto/minuti, s secondo/secondi, t tonnellata/tonnellate, ha ettaro/ettari, mg milligrammo/milligrammi, MB megabyte, GB gigabyte, W watt, kW kilowatt, V volt, dB decibel, ft piede/piedi, lb libbra/libbre, mo moneta_d'oro/monete_d'oro, ma moneta_d'argento/monete_d'argento, mr moneta_di_rame/monete_di_rame, mp moneta_di_platino/monete_di_platino",
    ),
    square: "{} quadrati",
    cubic: "{} cubi",
    per: { h: "all'ora", s: "al secondo" },
    degree: ["grado", "gradi"],
    scales: CELSIUS,
    one: ["un", "una"],
    women: /^\p{L}+a(?!\p{L})/u,
  },
  pt: {
    names: named(
      "km quilômetro/quilômetros, m metro/metros, cm centímetro/centímetros, kg quilo/quilos, g grama/gramas, l litro/litros, L litro/litros, min minuto/minutos, s segundo/segundos, t tonelada/toneladas, ha hectare/hectares, ml mililitro/mililitros, mm milímetro/milímetros, mg miligrama/miligramas, W watt/watts, kW quilowatt/quilowatts, V volt/volts, dB decibel/decibéis, ft pé/pés, lb libra/libras, PO peça_de_ouro/peças_de_ouro, po peça_de_ouro/peças_de_ouro, pp peça_de_prata/peças_de_prata, pc peça_de_cobre/peças_de_cobre",
    ),
    square: "{} quadrados",
    cubic: "{} cúbicos",
    per: { h: "por hora", s: "por segundo" },
    degree: ["grau", "graus"],
    scales: CELSIUS,
    one: ["um", "uma"],
    women: /^\p{L}+[^m]a(?!\p{L})/u,
  },
  ru: {
    names: named(
      "км километр/километра/километров, м метр/метра/метров, см сантиметр/сантиметра/сантиметров, кг килограмм/килограмма/килограммов, г грамм/грамма/граммов, л литр/литра/литров, мл миллилитр/миллилитра/миллилитров, ч час/часа/часов, мин минута/минуты/минут",
    ),
    square: "квадратных {}",
    cubic: "кубических {}",
    per: { ч: "в час", с: "в секунду" },
    degree: ["градус", "градуса", "градусов"],
    scales: ["Цельсия", "Фаренгейта"],
    one: ["один", "одна"],
    women: /а$/,
  },
};
