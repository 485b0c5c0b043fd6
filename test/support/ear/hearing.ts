import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { EarEngine, Sound } from "./ear-engines.ts";
import { EngineAlone } from "./ear-engines.ts";
import type { EarTable } from "./ear-table.ts";
import type { Recogniser } from "./recogniser.ts";
import { wordErrors, wordsOf } from "./word-errors.ts";

const SENTENCES = fileURLToPath(new URL("../../fixtures/ear.tsv", import.meta.url));

/** A sentence to be said, and of which kind it is: prose, names, numbers, dice, dialogue. */
export interface EarSentence {
  kind: string;
  text: string;
}

/** What was understood of a sentence: of the engine's own samples, and of what a page played. */
export interface Hearing extends EarSentence {
  engine: string;
  /** Words of it, and errors in them. */
  words: number;
  alone: number;
  page: number;
  aloneText: string;
  pageText: string;
}

export interface HearingOptions {
  table: EarTable;
  recogniser: Recogniser;
  /** Whose pages listen. */
  seats: readonly number[];
  /** Told of each sentence. */
  onHeard?: (hearing: Hearing) => void;
}

/** The two hundred, forty of each kind in turn. */
export async function earSentences(): Promise<EarSentence[]> {
  const lines = (await readFile(SENTENCES, "utf8")).trim().split("\n");
  const sentences = lines.map((line) => {
    const [kind = "", text = ""] = line.split("\t");
    return { kind, text };
  });
  const kinds = [...new Set(sentences.map(({ kind }) => kind))].map((each) =>
    sentences.filter(({ kind }) => kind === each),
  );
  return sentences.flatMap((_, turn) => kinds.flatMap((of) => of[turn] ?? []));
}

/** Has an engine say sentences, alone and at a table, and reads both back. */
export async function hearEngine(
  engine: EarEngine,
  sentences: readonly EarSentence[],
  { table, recogniser, seats, onHeard }: HearingOptions,
): Promise<Hearing[]> {
  const alone = new EngineAlone(engine);
  const read = ({ samples, sampleRate }: Sound): Promise<string> => recogniser.hear(samples, sampleRate);
  const heard: Promise<Hearing>[] = [];
  const rest = [...sentences];
  const listen = async (seat: number): Promise<void> => {
    for (let next = rest.shift(); next; next = rest.shift()) {
      const { kind, text } = next;
      const page = await table.hear(seat, engine, text);
      const own = await alone.say(text);
      const texts = Promise.all([read(own), read(page)]);
      heard.push(
        texts.then((understood) => {
          const hearing = judged({ kind, text, engine: engine.name }, understood);
          onHeard?.(hearing);
          return hearing;
        }),
      );
    }
  };
  await Promise.all(seats.map(listen));
  await alone.close();
  return Promise.all(heard);
}

function judged(which: EarSentence & { engine: string }, [aloneText, pageText]: [string, string]): Hearing {
  const wanted = wordsOf(which.text);
  const [alone] = wordErrors(wanted, wordsOf(aloneText));
  const [page] = wordErrors(wanted, wordsOf(pageText));
  return { ...which, words: wanted.length, alone, page, aloneText, pageText };
}
