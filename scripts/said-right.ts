/**
 * Writes the table in `docs/said-right.md`: what each engine on this machine is given for the lines in
 * `test/fixtures/said-right.tsv`. With `--phonemes` Debian's `espeak-ng` says how it reads them; without, the sounds stay
 * that stand there.
 * @module
 */
import { readFile, writeFile } from "node:fs/promises";
import { saidOf, spokenForm } from "../src/core/text/spoken/spoken-form.ts";

const LINES = new URL("../test/fixtures/said-right.tsv", import.meta.url);
export const TABLE: URL = new URL("../docs/said-right.md", import.meta.url);
const BEGIN = "<!-- from here on made by scripts/said-right.ts -->";

/** One line of the table. */
interface Row {
  written: string;
  language: string;
  espeak: string;
  flite: string;
}

interface Section {
  title: string;
  rows: Row[];
}

/** What is said for each line, in the sections of the list. */
export async function sections(): Promise<Section[]> {
  const all: Section[] = [];
  for (const line of (await readFile(LINES, "utf8")).trim().split("\n")) {
    if (line.startsWith("# ")) all.push({ title: line.slice(2), rows: [] });
    else all.at(-1)?.rows.push(rowOf(line));
  }
  return all;
}

function rowOf(line: string): Row {
  const [language = "", written = ""] = line.split("\t");
  const said = (speller: "espeak" | "flite"): string => saidOf(spokenForm(written, { language, speller }));
  return { written, language, espeak: said("espeak"), flite: said("flite") };
}

/** The table. @param soundsOf how eSpeak reads what it is given */
export function tableOf(all: readonly Section[], soundsOf: (row: Row) => string): string {
  const parts = all.map(({ title, rows }) => {
    const isEnglish = rows.some(({ language }) => language.startsWith("en"));
    const head = isEnglish
      ? ["| written | said | otherwise by Flite | eSpeak's sounds |", "|---|---|---|---|"]
      : ["| written | said | eSpeak's sounds |", "|---|---|---|"];
    const body = rows.map((row) => {
      const flite = row.flite === row.espeak ? "" : cell(row.flite);
      const cells = [
        cell(row.written),
        row.espeak === row.written ? "" : cell(row.espeak),
        ...(isEnglish ? [flite] : []),
        soundsOf(row),
      ];
      return `| ${cells.join(" | ")} |`;
    });
    return [`## ${title}`, "", ...head, ...body].join("\n");
  });
  return `${BEGIN}\n\n${parts.join("\n\n")}\n`;
}

/** The table as it stands in the file, without what is written before it. */
export async function writtenTable(): Promise<string> {
  const text = await readFile(TABLE, "utf8");
  return text.slice(text.indexOf(BEGIN));
}

/** The sounds that stand in the file, by what is written. */
export async function writtenSounds(): Promise<(row: Row) => string> {
  const rows = (await writtenTable()).split("\n").map((line) => line.split(/(?<!\\) ?\| ?/).slice(1, -1));
  const sounds = new Map(rows.map((cells) => [cells[0], cells.at(-1) ?? ""]));
  return ({ written }) => sounds.get(cell(written)) ?? "";
}

function cell(text: string): string {
  return text.replace(/[|\\`*_<>[\]~#]/g, "\\$&");
}

/** As Debian's eSpeak NG reads it. */
async function phonemesOf({ espeak, language }: Row): Promise<string> {
  const { execFileSync } = await import("node:child_process");
  const out = execFileSync("espeak-ng", ["-q", "-x", "-v", language, espeak], { encoding: "utf8" });
  return `\`${out
    .trim()
    .replace(/\s*\n\s*/g, " / ")
    .replaceAll("|", "¦")}\``;
}

if (import.meta.main) {
  const all = await sections();
  const before = (await readFile(TABLE, "utf8")).split(BEGIN, 1)[0] ?? "";
  let soundsOf = await writtenSounds();
  if (process.argv.includes("--phonemes")) {
    const heard = new Map<Row, string>();
    for (const row of all.flatMap(({ rows }) => rows)) heard.set(row, await phonemesOf(row));
    soundsOf = (row) => heard.get(row) ?? "";
  }
  await writeFile(TABLE, `${before}${tableOf(all, soundsOf)}`);
}
