import { oneOf } from "./patterns.ts";

/** Marks of feet and inches, and of minutes and seconds. */
export const FEET = "['′’]";
export const INCHES = "(?:[\"″”]|''|’’)";

/** A unit's name for one and for many. */
export type Unit = readonly [one: string, many: string];

/** What units are called. */
export const UNITS: Readonly<Record<string, Unit>> = {
  ft: ["foot", "feet"],
  in: ["inch", "inches"],
  yd: ["yard", "yards"],
  yds: ["yard", "yards"],
  mi: ["mile", "miles"],
  km: ["kilometre", "kilometres"],
  m: ["metre", "metres"],
  cm: ["centimetre", "centimetres"],
  mm: ["millimetre", "millimetres"],
  lb: ["pound", "pounds"],
  lbs: ["pound", "pounds"],
  oz: ["ounce", "ounces"],
  kg: ["kilogram", "kilograms"],
  g: ["gram", "grams"],
  gal: ["gallon", "gallons"],
  mph: ["mile per hour", "miles per hour"],
  "km/h": ["kilometre per hour", "kilometres per hour"],
  "sq ft": ["square foot", "square feet"],
  "sq. ft": ["square foot", "square feet"],
  "m²": ["square metre", "square metres"],
  "km²": ["square kilometre", "square kilometres"],
  "cm²": ["square centimetre", "square centimetres"],
  "m³": ["cubic metre", "cubic metres"],
  "cm³": ["cubic centimetre", "cubic centimetres"],
  "ft²": ["square foot", "square feet"],
  "ft³": ["cubic foot", "cubic feet"],
  "cu ft": ["cubic foot", "cubic feet"],
  hr: ["hour", "hours"],
  hrs: ["hour", "hours"],
  h: ["hour", "hours"],
  min: ["minute", "minutes"],
  mins: ["minute", "minutes"],
  sec: ["second", "seconds"],
  secs: ["second", "seconds"],
  yr: ["year", "years"],
  yrs: ["year", "years"],
  ml: ["millilitre", "millilitres"],
  cl: ["centilitre", "centilitres"],
  dl: ["decilitre", "decilitres"],
  l: ["litre", "litres"],
  L: ["litre", "litres"],
  mg: ["milligram", "milligrams"],
  tsp: ["teaspoon", "teaspoons"],
  tbsp: ["tablespoon", "tablespoons"],
  kn: ["knot", "knots"],
  "m/s": ["metre per second", "metres per second"],
  ms: ["millisecond", "milliseconds"],
  wk: ["week", "weeks"],
  wks: ["week", "weeks"],
  mo: ["month", "months"],
  mos: ["month", "months"],
  KB: ["kilobyte", "kilobytes"],
  MB: ["megabyte", "megabytes"],
  GB: ["gigabyte", "gigabytes"],
  TB: ["terabyte", "terabytes"],
  Mbps: ["megabit per second", "megabits per second"],
  MHz: ["megahertz", "megahertz"],
  GHz: ["gigahertz", "gigahertz"],
  dB: ["decibel", "decibels"],
  W: ["watt", "watts"],
  V: ["volt", "volts"],
  kWh: ["kilowatt hour", "kilowatt hours"],
  USD: ["US dollar", "US dollars"],
  EUR: ["euro", "euros"],
  GBP: ["pound", "pounds"],
  kHz: ["kilohertz", "kilohertz"],
  Hz: ["hertz", "hertz"],
  kW: ["kilowatt", "kilowatts"],
  CHF: ["Swiss franc", "Swiss francs"],
  kr: ["krone", "kroner"],
  ha: ["hectare", "hectares"],
  kph: ["kilometre per hour", "kilometres per hour"],
  "fl oz": ["fluid ounce", "fluid ounces"],
  "fl. oz": ["fluid ounce", "fluid ounces"],
};

/** What the table counts. */
export const TABLE_UNITS: Readonly<Record<string, Unit>> = {
  gp: ["gold piece", "gold pieces"],
  GP: ["gold piece", "gold pieces"],
  sp: ["silver piece", "silver pieces"],
  cp: ["copper piece", "copper pieces"],
  pp: ["platinum piece", "platinum pieces"],
  ep: ["electrum piece", "electrum pieces"],
  hp: ["hit point", "hit points"],
  xp: ["experience point", "experience points"],
  dmg: ["damage", "damage"],
  lvl: ["level", "levels"],
  lvls: ["level", "levels"],
};

/** Words that are said in full already, and only count as units beside fractions. */
const WHOLE: Readonly<Record<string, Unit>> = Object.fromEntries(
  "foot/feet inch/inches yard/yards mile/miles pound/pounds ounce/ounces hour/hours minute/minutes gallon/gallons cup/cups day/days"
    .split(" ")
    .flatMap((pair) => {
      const [one = "", many = ""] = pair.split("/");
      return [
        [one, [one, many]],
        [many, [one, many]],
      ];
    }),
);

/** Units by how they are written, and the pattern that finds one. */
export class UnitTable {
  /** Behind a number: a gap, the unit, its point; `in` wants one of those, or it is a word. */
  readonly source: string;
  /** The same, or a word in full, or nothing. */
  readonly sourceOfFraction: string;
  readonly #units: Readonly<Record<string, Unit>>;

  constructor(more: Readonly<Record<string, Unit>>) {
    const units = { ...UNITS, ...more };
    this.#units = { ...units, ...WHOLE };
    const names = oneOf(Object.keys(units).filter((name) => name !== "in"));
    const end = "(?![\\p{L}\\p{N}])";
    const inch = `in(?=\\.(?!\\s*$))|(?<=[\\d½¼¾⅓⅔⅛-])in(?!-)|(?<=\\d ft\\.? \\d{1,2} )in(?=[.,;)]|$)`;
    this.source = `([ -]?)(${names}|${inch})${end}(\\.?)`;
    this.sourceOfFraction = `(?:([ -]?)(${oneOf(Object.keys(WHOLE))}|${names}|${inch}|in(?=\\.))${end}(\\.?))?`;
  }

  /** What it is called for a number as it is written, or for a part of one. */
  name(unit: string, number: string | "many"): string {
    const [one, many] = this.#units[unit] ?? [unit, unit];
    return number === "1" ? one : many;
  }

  has(unit: string): boolean {
    return Object.hasOwn(this.#units, unit);
  }
}
