import { readFileSync } from "node:fs";

/** A text, and where its sentences end. */
export interface SentenceCase {
  language: string;
  text: string;
  sentences: string[];
}

/** The cases of `test/fixtures/text/NAME.txt`, which says how they are written. */
export function sentenceCases(name: string): SentenceCase[] {
  const file = new URL(`../fixtures/text/${name}.txt`, import.meta.url);
  const lines = readFileSync(file, "utf8").split("\n");
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [language = "", body = ""] = line.split("\t");
      const joint = language === "zh" || language === "ja" ? "" : " ";
      return {
        language,
        text: body.replaceAll(" ¦¦", "").replaceAll(" ¦ ", joint),
        sentences: body.split(/ ¦¦ ?| ¦ /),
      };
    });
}
