import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BardcastError, messageOf } from "../../core/errors.ts";
import { FLITE_VOICES } from "../../engines/flite/flite-voices.ts";
import { TTSRouter } from "../../engines/routing/router.ts";
import { installedVoices } from "../../engines/sherpa/sherpa-voices.ts";
import { createSpeechHost } from "../../pool/create-speech-host.ts";
import { plainVoice } from "../../voices/voice-config.ts";
import { commandLine } from "../command-line.ts";
import { UsageError } from "../options.ts";
import { say, warn } from "../terminal.ts";
import { CATALOGUE } from "./catalogue.ts";
import type { VoicesFlags } from "./flags.ts";

/** Programs that play a WAV file, the first that is there. */
const PLAYERS: readonly (readonly [command: string, ...args: string[]])[] = [
  ["afplay"],
  ["pw-play"],
  ["paplay"],
  ["aplay", "-q"],
  ["ffplay", "-nodisp", "-autoexit", "-loglevel", "error"],
];

/** `voices try NAME "text"`, with the engine that has such a voice: sherpa, Flite, else eSpeak. */
export async function tryCommand({ words, dir, out }: VoicesFlags): Promise<void> {
  const [voiceId, ...rest] = words;
  if (voiceId === undefined) throw new UsageError("voices try takes the name of a voice, and a text");
  const text = rest.join(" ") || "Well met, traveller. Sit down by the fire.";
  const engine = await engineOf(voiceId, dir);
  process.env.BARDCAST_VOICES_DIR = dir;
  const host = await createSpeechHost({ engines: [engine], size: 1, log: warn });
  try {
    const router = new TTSRouter({ engines: host.engines });
    const { audio, durationMs } = await router.synthesize(text, { ...plainVoice("en-us"), voiceId });
    const path = out ?? join(tmpdir(), `bardcast-${voiceId.replaceAll(/[^\w.+-]/g, "-")}.wav`);
    await writeFile(path, audio).catch((cause) => {
      throw new BardcastError("internal", `${path} cannot be written (${messageOf(cause)})`, { cause });
    });
    say(`${engine} says it in ${(durationMs / 1000).toFixed(1)} s: ${path}`);
    if (out === undefined && process.stdout.isTTY) await play(path);
  } finally {
    await host.close();
  }
}

async function engineOf(voiceId: string, dir: string): Promise<string> {
  const [name = ""] = voiceId.toLowerCase().split("/");
  const installed = await installedVoices(dir, () => undefined);
  if (installed.some((voice) => voice.name.toLowerCase() === name)) return "sherpa";
  if (CATALOGUE.some((entry) => entry.name === name)) {
    throw new BardcastError(
      "voice-unknown",
      `${name} is not installed: ${commandLine(`voices install ${name}`)}`,
    );
  }
  return FLITE_VOICES.some((voice) => voice === name) ? "flite" : "espeak";
}

async function play(path: string): Promise<void> {
  for (const [command, ...args] of PLAYERS) {
    const hasPlayed = await new Promise<boolean>((resolve) => {
      const player = spawn(command, [...args, path], { stdio: "ignore" });
      player.on("error", () => resolve(false));
      player.on("exit", (code) => resolve(code === 0));
    });
    if (hasPlayed) return;
  }
}
