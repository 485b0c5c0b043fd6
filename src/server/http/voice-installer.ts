import type { OfferedVoice } from "../../core/protocol/voices-api.ts";
import type { EngineRef } from "../../engines/catalogue.ts";

/** How far it is. */
export interface InstallProgress {
  signal: AbortSignal;
  /** So many bytes of a file are here; `total` where it is known. */
  onProgress(bytes: number, total: number | undefined): void;
  /** All is here, and put where it belongs. */
  onUnpack(): void;
}

/**
 * Installs voices for the game master. Who serves brings it, or not: a click then downloads to this machine what its
 * sources have. The command line brings its own.
 */
export interface VoiceInstaller {
  /** What speaks such voices, and the engine that it is preferred to; by default all. */
  readonly engine: EngineRef;
  readonly before?: string;
  /** The one to begin with first. */
  readonly offered: readonly OfferedVoice[];
  /** A command that has to be typed first, where what speaks them is not installed. */
  missing(): string | undefined;
  /** Those that are here. `language`: BCP 47, lower-cased. */
  installed(): Promise<readonly { name: string; language: string }[]>;
  /**
   * Downloads a voice of those that are offered, or any other that it knows by name; one that is here already is left as
   * it is. What an earlier try has left is gone on with.
   * @returns the name by which it speaks
   * @throws BardcastError whose message says what to do; the signal's reason
   */
  install(name: string, progress: InstallProgress): Promise<string>;
}
