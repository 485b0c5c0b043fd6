import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ROOT } from "./run.ts";

const PACKAGE = `${ROOT}/node_modules/@echogarden/espeak-ng-emscripten`;
/** What English needs. */
const WANTED = /\/(?:phontab|phonindex|phondata|intonations|en_dict|lang\/gmw\/en(?:-US)?)$/;

/** Writes eSpeak's data as files, which neural voices read, from what its package has as one: for English, or all. */
export async function writeEspeakData(
  folder: string,
  { all = false }: { all?: boolean } = {},
): Promise<void> {
  const script = readFileSync(`${PACKAGE}/espeak-ng.js`, "utf8");
  const data = readFileSync(`${PACKAGE}/espeak-ng.data`);
  const listed = script.matchAll(
    /"?filename"?:\s*"\/usr\/share\/espeak-ng-data(\/[^"]+)",\s*"?start"?:\s*(\d+),\s*"?end"?:\s*(\d+)/g,
  );
  let written = 0;
  for (const [, name = "", start, end] of listed) {
    if (!all && !WANTED.test(name)) continue;
    await mkdir(dirname(folder + name), { recursive: true });
    await writeFile(folder + name, data.subarray(Number(start), Number(end)));
    written += 1;
  }
  if (written < 6) throw new Error(`only ${written} files of eSpeak's data were found`);
}
