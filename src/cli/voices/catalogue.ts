/** A voice that can be installed by name. */
export interface CatalogueEntry {
  name: string;
  family: "Piper" | "Kokoro" | "Kitten" | "Matcha" | "data";
  /** About how large the download is. */
  megabytes: number;
  licence: string;
  /** BCP 47. */
  languages: readonly string[];
  speakers: number;
  /** The archive (`.tar.bz2`), below the base address. */
  archive: string;
  /** Single files that belong beside what is in it, below the base address. */
  files?: readonly string[];
  /**
   * SHA-256 of the archive in hex, where it is known; else that in `checksum.txt`, which lies beside the
   * archive and has a line `HASH  NAME` for each.
   */
  sha256?: string;
}

/** Where voices come from by default: the releases of sherpa-onnx. */
export const DEFAULT_BASE_URL = "https://github.com/k2-fsa/sherpa-onnx/releases/download/";

const ENGLISH = ["en-us", "en-gb"];

/** Voices that are worth a game night. Any other archive of the releases can be installed by its own name. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    name: "kitten-nano-en",
    family: "Kitten",
    megabytes: 25,
    licence: "Apache-2.0",
    languages: ["en-us"],
    speakers: 8,
    archive: "tts-models/kitten-nano-en-v0_8-int8.tar.bz2",
  },
  {
    name: "kokoro",
    family: "Kokoro",
    megabytes: 336,
    licence: "Apache-2.0",
    languages: [...ENGLISH, "es", "fr", "hi", "it", "ja", "pt-br", "zh"],
    speakers: 53,
    archive: "tts-models/kokoro-multi-lang-v1_0.tar.bz2",
  },
  {
    name: "piper-libritts",
    family: "Piper",
    megabytes: 75,
    licence: "CC BY 4.0 (LibriTTS-R)",
    languages: ["en-us"],
    speakers: 904,
    archive: "tts-models/vits-piper-en_US-libritts_r-medium.tar.bz2",
  },
  {
    name: "piper-thorsten",
    family: "Piper",
    megabytes: 65,
    licence: "CC0 (Thorsten-Voice)",
    languages: ["de"],
    speakers: 1,
    archive: "tts-models/vits-piper-de_DE-thorsten-medium.tar.bz2",
  },
  {
    name: "piper-siwis",
    family: "Piper",
    megabytes: 65,
    licence: "CC BY 4.0 (SIWIS)",
    languages: ["fr"],
    speakers: 1,
    archive: "tts-models/vits-piper-fr_FR-siwis-medium.tar.bz2",
  },
  {
    name: "matcha-ljspeech",
    family: "Matcha",
    megabytes: 130,
    licence: "public domain (LJ Speech)",
    languages: ["en-us"],
    speakers: 1,
    archive: "tts-models/matcha-icefall-en_US-ljspeech.tar.bz2",
    files: ["vocoder-models/vocos-22khz-univ.onnx"],
  },
  {
    name: "espeak-ng-data",
    family: "data",
    megabytes: 7,
    licence: "GPL-3.0",
    languages: ["*"],
    speakers: 0,
    archive: "tts-models/espeak-ng-data.tar.bz2",
  },
];

/** The entry of a name; a name that is not in the catalogue is taken for that of an archive. */
export function catalogueEntry(name: string): CatalogueEntry {
  const known = CATALOGUE.find((entry) => entry.name === name);
  return (
    known ?? {
      name,
      family: "Piper",
      megabytes: 0,
      licence: "see its MODEL_CARD",
      languages: [],
      speakers: 1,
      archive: `tts-models/${name}.tar.bz2`,
    }
  );
}
