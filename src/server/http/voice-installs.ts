import { BardcastError, toWire } from "../../core/errors.ts";
import type { VoiceCatalogue, VoiceInstall } from "../../core/protocol/voices-api.ts";
import type { Party } from "../../party/party.ts";
import type { VoiceInstaller } from "./voice-installer.ts";
import { type VoiceSample, voiceSample } from "./voice-sample.ts";

/** Installs voices for a table, one at a time; each speaks as soon as it is here. */
export class VoiceInstalls {
  readonly #party: Party;
  readonly #installer: VoiceInstaller;
  #abort = new AbortController();
  #last: VoiceInstall | undefined;
  #isBusy = false;

  constructor(party: Party, installer: VoiceInstaller) {
    this.#party = party;
    this.#installer = installer;
    party.observers.add(({ type }) => type === "party.closed" && this.stop());
  }

  async catalogue(): Promise<VoiceCatalogue> {
    const { offered } = this.#installer;
    const installed = (await this.#installer.installed()).map(({ name }) => name);
    const missing = this.#installer.missing();
    return {
      installed,
      offered,
      ...(missing === undefined ? {} : { missing }),
      ...(this.#last ? { install: this.#last } : {}),
    };
  }

  /** What an installed voice says to be heard. @throws BardcastError `voice-unknown` */
  async sampleOf(name: string): Promise<VoiceSample> {
    const found = (await this.#installer.installed()).find((voice) => voice.name === name);
    if (!found) throw new BardcastError("voice-unknown", `no voice "${name}" is installed`);
    return voiceSample(name, found.language);
  }

  /** Begins and returns. @throws BardcastError `busy` where another is being installed, `engine-unavailable` */
  start(name: string): VoiceInstall {
    if (this.#isBusy)
      throw new BardcastError("busy", `${this.#last?.name} is being installed: wait for it, or stop it`);
    const missing = this.#installer.missing();
    if (missing !== undefined)
      throw new BardcastError("engine-unavailable", `what speaks such voices is not installed: ${missing}`);
    this.#abort = new AbortController();
    this.#isBusy = true;
    const first = this.#tell({ name, state: "downloading", bytes: 0 });
    void this.#run(name, this.#abort.signal);
    return first;
  }

  /** Ends what is under way; what was downloaded is kept. @returns false where nothing is */
  stop(): boolean {
    this.#abort.abort(new BardcastError("cancelled", "stopped"));
    return this.#isBusy;
  }

  #tell(install: VoiceInstall): VoiceInstall {
    this.#last = install;
    return install;
  }

  /** Never rejects. */
  async #run(asked: string, signal: AbortSignal): Promise<void> {
    let name = asked;
    let bytes = 0;
    // Not every source tells how much there is of it.
    const told = this.#installer.offered.find((voice) => voice.name === asked)?.bytes;
    let total = told;
    const tell = (state: VoiceInstall["state"]): void =>
      void this.#tell({ name, state, bytes, ...(total === undefined ? {} : { total }) });
    try {
      name = await this.#installer.install(asked, {
        signal,
        onProgress: (now, all) => {
          [bytes, total] = [now, all ?? told];
          tell("downloading");
        },
        onUnpack: () => tell("unpacking"),
      });
      tell("starting");
      const { engine, before } = this.#installer;
      await this.#party.addEngine(engine, { before, firstWords: await this.sampleOf(name) });
      tell("speaking");
    } catch (error) {
      if (signal.aborted) tell("stopped");
      else this.#tell({ name, state: "failed", bytes, problem: toWire(error) });
    } finally {
      this.#isBusy = false;
    }
  }
}
