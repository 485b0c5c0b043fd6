import { createWriteStream, existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { hasPart } from "../scripts/real-parts.ts";
import { EAR_ENGINES } from "../test/support/ear/ear-engines.ts";
import { EarTable } from "../test/support/ear/ear-table.ts";
import { earSentences, type Hearing, hearEngine } from "../test/support/ear/hearing.ts";
import { Recogniser } from "../test/support/ear/recogniser.ts";
import { addedRow, type Row } from "./row.ts";

/** Pages that listen to one engine. */
const SEATS = 1;
/** Points of word error rate that the way from an engine to a page may cost. */
const MOST_POINTS = 1;
/** What was heard, and what a run that broke off had heard. */
const LOG = new URL("ear-heard.jsonl", import.meta.url);
const PART = new URL("ear-heard.part.jsonl", import.meta.url);
const DOCS = new URL("../docs/voices.md", import.meta.url);
const TABLE = /(<!-- ear: made by npm run bench -- ear -->\n)[\s\S]*?(<!-- \/ear -->)/;

/**
 * What a recogniser understands of two hundred sentences that a page in Chromium plays, beside what it understands of the
 * engine's own samples. Writes the table in `docs/voices.md`. A run that broke off is gone on with.
 */
export async function ear(): Promise<Row[]> {
  for (const part of ["joe", "ear"] as const)
    if (!hasPart(part)) throw new Error(`the part "${part}" is missing: bun scripts/real-parts.ts`);
  const sentences = await earSentences();
  const table = await EarTable.open(SEATS * EAR_ENGINES.length);
  await using recogniser = new Recogniser();
  const before = await heardBefore();
  if (before.length > 0) console.error(`${before.length} were heard before, in ${PART.pathname}`);
  const log = createWriteStream(PART, { flags: "a" });
  const onHeard = (hearing: Hearing): void => void log.write(`${JSON.stringify(hearing)}\n`);
  const heard = await Promise.all(
    EAR_ENGINES.map(async (engine, index) => {
      const seats = Array.from({ length: SEATS }, (_, seat) => SEATS * index + seat);
      const done = before.filter((hearing) => hearing.engine === engine.name);
      const rest = sentences.filter(({ text }) => !done.some((hearing) => hearing.text === text));
      return [...done, ...(await hearEngine(engine, rest, { table, recogniser, seats, onHeard }))];
    }),
  );
  await table.close();
  const docs = await readFile(DOCS, "utf8");
  await writeFile(
    DOCS,
    docs.replace(TABLE, (_, begin, end) => `${begin}${tableOf(heard)}${end}`),
  );
  await new Promise<void>((resolve) => log.end(resolve));
  await rename(PART, LOG);
  return EAR_ENGINES.map(({ name, voiceId }, index) => {
    const of = heard[index] ?? [];
    const measured = { value: rate(of, "page"), control: rate(of, "alone") };
    const controlName = "the engine's own samples";
    return addedRow(
      `words heard wrong of ${name} (${voiceId}), in a page`,
      { ...measured, unit: "%", controlName },
      MOST_POINTS,
    );
  });
}

async function heardBefore(): Promise<Hearing[]> {
  if (!existsSync(PART)) return [];
  const lines = (await readFile(PART, "utf8")).split("\n");
  // The last one may have been cut.
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

/** Word errors in a hundred words. */
function rate(heard: readonly Hearing[], side: "page" | "alone"): number {
  const words = heard.reduce((sum, hearing) => sum + hearing.words, 0);
  return (100 * heard.reduce((sum, hearing) => sum + hearing[side], 0)) / words;
}

function tableOf(heard: readonly (readonly Hearing[])[]): string {
  const kinds = [...new Set(heard.flat().map(({ kind }) => kind))];
  const rows = heard.map((of, index) => {
    const cell = (some: readonly Hearing[]): string =>
      `${rate(some, "alone").toFixed(1)} → ${rate(some, "page").toFixed(1)}`;
    const cost = rate(of, "page") - rate(of, "alone");
    const cells = kinds.map((kind) => cell(of.filter((each) => each.kind === kind)));
    const { name = "", voiceId = "" } = EAR_ENGINES[index] ?? {};
    return `| \`${name}\`, ${voiceId} | ${cells.join(" | ")} | ${cell(of)} | ${cost > 0 ? "+" : "−"} ${Math.abs(cost).toFixed(1)} |\n`;
  });
  const head = `| engine, voice | ${kinds.join(" | ")} | all | cost |\n|${" --- |".repeat(kinds.length + 3)}\n`;
  return `\n${head}${rows.join("")}\n`;
}
