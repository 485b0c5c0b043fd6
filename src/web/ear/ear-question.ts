/** Asks whoever holds this phone whether it may listen, and says while it does. Wants no more of a page than its style. */
export class EarQuestion {
  readonly #dialog = document.createElement("dialog");
  readonly #words = document.createElement("p");
  readonly #allow = document.createElement("button");
  readonly #refuse = document.createElement("button");
  readonly #title = document.createElement("h2");

  /** @param answers.allow called in a tap @param answers.refuse also when it is stopped later */
  static ask(answers: { allow: () => void; refuse: () => void }): EarQuestion {
    return new EarQuestion(answers);
  }

  private constructor({ allow, refuse }: { allow: () => void; refuse: () => void }) {
    this.#title.textContent = "Let this phone listen?";
    this.#title.id = "ear-title";
    this.#words.textContent =
      "The game master wants to hear how late each device sounds, and has no microphone. This phone would listen " +
      "for half a minute. What it hears stays here: the table is told when it heard a hiss, and nothing else.";
    this.#allow.textContent = "Listen";
    this.#allow.className = "main";
    this.#refuse.textContent = "Not now";
    for (const button of [this.#allow, this.#refuse]) button.type = "button";
    this.#allow.onclick = () => {
      this.#allow.disabled = true;
      allow();
    };
    this.#refuse.onclick = refuse;
    const head = document.createElement("header");
    head.className = "dialog-head";
    head.append(this.#title);
    const answer = document.createElement("div");
    answer.className = "row wrap";
    answer.append(this.#allow, this.#refuse);
    const body = document.createElement("div");
    body.className = "dialog-body";
    body.append(this.#words, answer);
    this.#dialog.className = "sheet";
    this.#dialog.setAttribute("aria-labelledby", this.#title.id);
    this.#dialog.append(head, body);
    // Where it is closed by a key.
    this.#dialog.oncancel = refuse;
    document.body.append(this.#dialog);
    this.#dialog.showModal();
  }

  listening(): void {
    this.#title.textContent = "This phone listens";
    this.#words.textContent =
      "Lay it in the middle of the table, and leave it there until this closes by itself. Talk on if you like.";
    this.#allow.remove();
    this.#refuse.textContent = "Stop listening";
  }

  close(): void {
    this.#dialog.remove();
  }
}
