/** A file that is downloaded. */
export interface CatalogueFile {
  /** Below the base address. */
  path: string;
  /**
   * What it may be, newest first: its publishers replace a file now and then. Empty where only its server knows:
   * the SHA-256 is then looked up in the `checksum.txt` beside it.
   */
  versions: readonly FileVersion[];
}

/** What a file may be, with one of two hashes, in hex. */
export interface FileVersion {
  bytes: number;
  sha256?: string;
  /** Where its publisher tells no better one. */
  md5?: string;
}

/** A voice that can be installed by name. */
export interface CatalogueEntry {
  name: string;
  family: "Piper" | "Kokoro" | "Kitten" | "Matcha" | "data";
  licence: string;
  /** BCP 47. */
  languages: readonly string[];
  speakers: number;
  /** Where its files are; default where all voices come from. */
  baseUrl?: string;
  /** A `.tar.bz2`. */
  archive?: CatalogueFile;
  /** Single files, beside what is in the archive where there is one. */
  files?: readonly CatalogueFile[];
}

/** Where voices come from by default: the releases of sherpa-onnx. */
export const DEFAULT_BASE_URL = "https://github.com/k2-fsa/sherpa-onnx/releases/download/";

/**
 * Voices that are worth a game night. Any other archive of the releases can be installed by its own name. The
 * licence is what the model's own page says; that of a Piper voice is the licence of its recordings, its MODEL_CARD
 * has the details. All but the data bring a part of eSpeak NG's data (GPL-3.0-or-later), which they are read with.
 */
export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    name: "kitten-nano-en",
    family: "Kitten",
    licence: "Apache-2.0",
    languages: ["en-us"],
    speakers: 8,
    // The int8 build is half as large, but slower where there is no accelerator for it.
    archive: model("kitten-nano-en-v0_8-fp32", {
      bytes: 63_815_222,
      sha256: "16092117bfe591ddcd58d078e1454603b8e1caea46f85653b2c2efae76bd883e",
    }),
  },
  {
    name: "kokoro",
    family: "Kokoro",
    licence: "Apache-2.0",
    // The model knows more of them; sherpa-onnx reads these two.
    languages: ["en-us", "zh"],
    speakers: 54,
    archive: model(
      "kokoro-multi-lang-v1_0",
      {
        bytes: 349_906_910,
        sha256: "c5f7e2d2caf082bc1d20fb70334a61d99d20b484500aad32e7cf84c128ea3298",
      },
      {
        bytes: 349_418_188,
        sha256: "c133d26353d776da730870dac7da07dbfc9a5e3bc80cc5e8e83ab6e823be7046",
      },
    ),
  },
  {
    name: "piper-libritts",
    family: "Piper",
    licence: "CC BY 4.0 (LibriTTS-R)",
    languages: ["en-us"],
    speakers: 904,
    archive: model("vits-piper-en_US-libritts_r-medium", {
      bytes: 82_038_311,
      sha256: "10dc268f3e371696d721486123e2705a9fc1faa113491979fde4d88dba1f1b1c",
    }),
  },
  {
    name: "piper-thorsten",
    family: "Piper",
    licence: "CC0 (Thorsten-Voice)",
    languages: ["de"],
    speakers: 1,
    archive: model("vits-piper-de_DE-thorsten-medium", {
      bytes: 67_214_254,
      sha256: "50487d9c95fdf2191f31d2588569381063ba1591dcd4c7d4bdd30f12b2191714",
    }),
  },
  {
    name: "piper-siwis",
    family: "Piper",
    licence: "CC BY 4.0 (SIWIS)",
    languages: ["fr"],
    speakers: 1,
    archive: model("vits-piper-fr_FR-siwis-medium", {
      bytes: 67_207_459,
      sha256: "375909aa30842b3a4efa10b1beb1d761af792960ae6873b4d53889f96c66195b",
    }),
  },
  {
    name: "matcha-ljspeech",
    family: "Matcha",
    licence: "recordings in the public domain (LJ Speech), vocoder Apache-2.0",
    languages: ["en-us"],
    speakers: 1,
    archive: model("matcha-icefall-en_US-ljspeech", {
      bytes: 76_741_121,
      sha256: "ea75702da7456a8b1874728278a835220dc8a26f4e8bd93c83bf53dc27679845",
    }),
    files: [
      {
        path: "vocoder-models/vocos-22khz-univ.onnx",
        versions: [
          {
            bytes: 53_884_024,
            sha256: "0574a135aa1db2de6e181050db2ec528496cacd4a4701fc5d7faf9f9804c0081",
          },
        ],
      },
    ],
  },
  {
    name: "espeak-ng-data",
    family: "data",
    licence: "GPL-3.0-or-later",
    languages: ["*"],
    speakers: 0,
    archive: model("espeak-ng-data", {
      bytes: 7_252_012,
      sha256: "4135ccf82e1f40613491c0874d4945ae9e9c7840933d8e25a6f9e003d9ebf533",
    }),
  },
];

/** The entry of a name; a name that is not in the catalogue is taken for that of an archive. */
export function catalogueEntry(name: string): CatalogueEntry {
  const known = CATALOGUE.find((entry) => entry.name === name);
  return (
    known ?? {
      name,
      family: "Piper",
      licence: "see its MODEL_CARD or README",
      languages: [],
      speakers: 1,
      archive: model(name),
    }
  );
}

/** Bytes of all that is downloaded for it. */
export function downloadBytes(entry: CatalogueEntry): number {
  return filesOf(entry).reduce((sum, { versions: [newest] }) => sum + (newest?.bytes ?? 0), 0);
}

/** All that is downloaded for it. */
export function filesOf({ archive, files = [] }: CatalogueEntry): readonly CatalogueFile[] {
  return archive ? [archive, ...files] : files;
}

function model(name: string, ...versions: readonly FileVersion[]): CatalogueFile {
  return { path: `tts-models/${name}.tar.bz2`, versions };
}
