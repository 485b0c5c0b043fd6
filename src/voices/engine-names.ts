/**
 * What people call the engines that ship, besides their names; upper and lower case, spaces, hyphens, underscores and
 * dots are the same. The one table for voices, flags, requests and options.
 */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  espeak: ["espeak-ng", "espeak-ng-wasm"],
  flite: ["festival-lite", "cmu-flite"],
  sherpa:
    "sherpa-onnx sherpa-onnx-node piper piper-tts kokoro kokoro-tts kitten kitten-tts matcha matcha-tts vits".split(
      " ",
    ),
  openai: [
    "openai-tts",
    "open-ai",
    "openai-compatible",
    "kokoro-fastapi",
    "localai",
    "speaches",
    "vllm",
    "mlx-audio",
  ],
  edge: ["edge-tts", "ms-edge", "ms-edge-tts", "microsoft-edge", "microsoft-edge-tts"],
  elevenlabs: ["eleven-labs", "11labs", "elevenlabs-tts"],
  cartesia: ["cartesia-tts", "cartesia-sonic"],
  deepgram: ["deepgram-tts", "deepgram-aura"],
  wyoming: ["wyoming-piper", "home-assistant"],
};

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(ALIASES).flatMap(([name, aliases]) => [name, ...aliases].map((each) => [plain(each), name])),
);

/** The name of the engine that ships which somebody means, `edge` by `Edge-TTS`; any other name as it is. */
export function shippedName(name: string): string {
  return NAMES.get(plain(name)) ?? name;
}

/**
 * Which of these engines somebody means: the one called exactly so, else one that is called so but for its spelling,
 * else the one that ships under another name. Undefined where it is none of them.
 */
export function engineNamed<Name extends string>(asked: unknown, names: Iterable<Name>): Name | undefined {
  if (typeof asked !== "string") return undefined;
  const all = [...names];
  return (
    all.find((name) => name === asked) ??
    all.find((name) => plain(name) === plain(asked)) ??
    all.find((name) => name === shippedName(asked)) ??
    all.find((name) => shippedName(name) === shippedName(asked))
  );
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s._-]+/gu, "");
}
