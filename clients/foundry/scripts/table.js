/** Lines that may wait for the table; more are left out, which is told. */
const MAX_WAITING = 64;
/** ms that the table may take to answer. */
const PATIENCE_MS = 10_000;
/** Lines that are silenced together. */
const MAX_SAID = 32;

/** The table, as this browser reaches it: lines go there one after the other, in the order in which they were said. */
export class Table {
  #settings;
  #notify;
  #waiting = 0;
  #last = Promise.resolve();
  /** The last lines that the table took. */
  #said = [];

  /**
   * @param {() => { url: string, token: string }} settings
   * @param {(problem: string, data?: object) => void} notify tells the game master
   */
  constructor(settings, notify) {
    this.#settings = settings;
    this.#notify = notify;
  }

  /**
   * Has a line said. It never throws: the chat has the words in any case, and what goes wrong is told.
   * @param {object} line body of `POST /api/speak`
   * @returns {Promise<boolean>} whether the table took it
   */
  say(line) {
    if (this.#waiting >= MAX_WAITING) {
      this.#notify("Full");
      return Promise.resolve(false);
    }
    this.#waiting += 1;
    const said = this.#last.then(() => this.#post(line)).finally(() => (this.#waiting -= 1));
    this.#last = said;
    return said;
  }

  /** Silences what is said and what waits. */
  async stop() {
    const lines = this.#said.splice(0);
    await Promise.all(lines.map((utterance) => this.#ask(`/api/speak/${utterance}`, { method: "DELETE" })));
  }

  async #post(line) {
    const answer = await this.#ask("/api/speak", {
      method: "POST",
      headers: { "Content-Type": "application/json", Prefer: "respond-async" },
      body: JSON.stringify(line),
    });
    if (!answer) return false;
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      this.#notify("Refused", { message: told.error?.message ?? `HTTP ${answer.status}` });
      return false;
    }
    this.#said = [...this.#said, told.utterance].slice(-MAX_SAID);
    return true;
  }

  async #ask(path, request) {
    const { url, token } = this.#settings();
    if (url === "" || token === "") {
      this.#notify("Setup");
      return undefined;
    }
    const headers = { ...request.headers, Authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      return await fetch(`${url.replace(/\/+$/, "")}${path}`, { ...request, headers, signal });
    } catch {
      this.#notify("Unreachable");
      return undefined;
    }
  }
}
