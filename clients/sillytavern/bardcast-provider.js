/** ms that the table may take to answer; a long line as sound takes longer. */
const PATIENCE_MS = 10_000;
const SOUND_PATIENCE_MS = 120_000;
/** Lines that are silenced together. */
const MAX_SAID = 32;
/** What whoever runs the table is called there: the narrator. */
const NARRATOR = "dm";

/**
 * Bardcast as a provider of SillyTavern's TTS extension. What is spoken is heard at the table, by every player, each on
 * their own device; or here, as sound.
 */
export class BardcastProvider {
  settings = {};
  voices = [];
  separator = " ";
  defaultSettings = { url: "http://127.0.0.1:8080", token: "", heard: "table" };
  #said = [];

  /** For the extension to override: has the settings kept. */
  saveSettings() {}

  get settingsHtml() {
    return `
      <label for="bardcast_url">Table:</label>
      <input id="bardcast_url" type="text" class="text_pole" maxlength="250">
      <label for="bardcast_token">Token of a service, or the DM's (it is kept in SillyTavern's settings):</label>
      <input id="bardcast_token" type="password" class="text_pole" maxlength="500" autocomplete="off">
      <label for="bardcast_heard">Heard:</label>
      <select id="bardcast_heard" class="text_pole">
        <option value="table">at the table, by every player</option>
        <option value="here">here only, as sound</option>
      </select>
      <div id="bardcast_stop" class="menu_button">Silence the table</div>`;
  }

  async loadSettings(settings) {
    const known = Object.keys(this.defaultSettings).filter((key) => key in settings);
    this.settings = {
      ...this.defaultSettings,
      ...Object.fromEntries(known.map((key) => [key, settings[key]])),
    };
    for (const key of Object.keys(this.defaultSettings)) {
      const field = document.querySelector(`#bardcast_${key}`);
      if (!field) continue;
      field.value = this.settings[key];
      field.addEventListener("change", () => this.onSettingsChange());
    }
    document.querySelector("#bardcast_stop")?.addEventListener("click", () => void this.stop());
    // Before somebody has written where it is, there is no table to be ready.
    if (this.settings.token !== "") await this.checkReady();
  }

  onSettingsChange() {
    for (const key of Object.keys(this.defaultSettings)) {
      const field = document.querySelector(`#bardcast_${key}`);
      if (field) this.settings[key] = field.value.trim();
    }
    this.voices = [];
    this.saveSettings();
  }

  /** @throws Error that says what is missing */
  async checkReady() {
    this.voices = await this.fetchTtsVoiceObjects();
  }

  async onRefreshClick() {
    await this.checkReady();
  }

  /** The table's speakers, and this chat's characters: the table casts whom it does not know by the name. */
  async fetchTtsVoiceObjects() {
    const { speakers } = await this.#json("/api/voices");
    const { characters = [] } = globalThis.SillyTavern?.getContext() ?? {};
    const names = [...speakers, ...characters.map(({ name }) => name)];
    return [...new Set(names)].map((name) => ({ name, voice_id: name, lang: "en-US" }));
  }

  async getVoice(voiceName) {
    if (this.voices.length === 0) this.voices = await this.fetchTtsVoiceObjects();
    const voice = this.voices.find(({ name }) => name === voiceName);
    if (!voice) throw new Error(`The table has no speaker "${voiceName}"`);
    return voice;
  }

  /**
   * Sound for SillyTavern to play, piece by piece. What is heard at the table has none: there it waits for its turn.
   * @param {string} text
   * @param {string} voiceId a speaker of the table
   */
  async *generateTts(text, voiceId) {
    if (this.settings.heard === "here") yield await this.#sound(text, voiceId);
    else await this.#sayAtTable(text, voiceId);
  }

  async previewTtsVoice(voiceId) {
    const sound = await this.#sound("The door creaks. Nobody is there.", voiceId);
    const audio = new Audio(URL.createObjectURL(await sound.blob()));
    audio.onended = () => URL.revokeObjectURL(audio.src);
    await audio.play();
  }

  /** Silences what this chat has said at the table, and what of it waits. */
  async stop() {
    const lines = this.#said.splice(0);
    await Promise.allSettled(lines.map((line) => this.#ask(`/api/speak/${line}`, { method: "DELETE" })));
  }

  async #sayAtTable(text, voiceId) {
    const speaker = voiceId === NARRATOR ? { speaker: NARRATOR } : { npc: { name: voiceId } };
    const { utterance } = await this.#json("/api/speak", {
      method: "POST",
      headers: { Prefer: "respond-async" },
      body: JSON.stringify({ text, to: "all", ...speaker }),
    });
    this.#said = [...this.#said, utterance].slice(-MAX_SAID);
  }

  #sound(input, voice) {
    const body = JSON.stringify({ model: "bardcast", input, voice, response_format: "wav" });
    return this.#ask("/v1/audio/speech", { method: "POST", body }, SOUND_PATIENCE_MS);
  }

  async #json(path, request) {
    return (await this.#ask(path, request)).json();
  }

  async #ask(path, request = {}, patienceMs = PATIENCE_MS) {
    const { url, token } = this.settings;
    const signal = AbortSignal.timeout(patienceMs);
    const headers = {
      "Content-Type": "application/json",
      ...request.headers,
      Authorization: `Bearer ${token}`,
    };
    const answer = await fetch(`${url.replace(/\/+$/, "")}${path}`, { ...request, headers, signal }).catch(
      () => {
        throw new Error(
          "The table does not answer. Does it run, and does it let this page in (--allow-origin)?",
        );
      },
    );
    if (answer.ok) return answer;
    const told = await answer.json().catch(() => undefined);
    throw new Error(`The table says: ${told?.error?.message ?? `HTTP ${answer.status}`}`);
  }
}
