/**
 * What a module of Foundry VTT sees of its host, as far as Foundry's API documentation of version 13 has it: enough to run
 * the module in a page without Foundry.
 */
const hooks = new Map();
globalThis.Hooks = {
  on: (name, act) => hooks.set(name, [...(hooks.get(name) ?? []), act]),
  once: (name, act) => Hooks.on(name, act),
  callAll: (name, ...args) => {
    for (const act of hooks.get(name) ?? []) act(...args);
  },
};

/** Settings of the world are everybody's; those of a client are in its browser. */
const registered = new Map();
const values = new Map();
const users = new Map(
  [
    { id: "u-gm", name: "Gail", isGM: true },
    { id: "u-anna", name: "Anna", isGM: false },
    { id: "u-ben", name: "Ben", isGM: false },
    { id: "u-zoe", name: "Zoe", isGM: false },
  ].map((user) => [user.id, user]),
);
const current = users.get(new URLSearchParams(location.search).get("user") ?? "u-gm");

class Actor {
  #flags = {};

  constructor(id, name) {
    Object.assign(this, { id, name });
  }

  getFlag(scope, key) {
    return structuredClone(this.#flags[scope]?.[key]);
  }

  /** Merged into what is there, as Foundry does it. */
  async setFlag(scope, key, value) {
    const before = this.#flags[scope]?.[key];
    this.#flags[scope] = { ...this.#flags[scope], [key]: { ...before, ...structuredClone(value) } };
  }

  async unsetFlag(scope, key) {
    delete this.#flags[scope]?.[key];
  }
}
const actors = new Map(
  [new Actor("a-king", "King Aldric"), new Actor("a-mara", "Old Mara")].map((actor) => [actor.id, actor]),
);

globalThis.game = {
  user: { ...current, isActiveGM: current.isGM },
  users: { get: (id) => users.get(id) },
  actors: { get: (id) => actors.get(id) },
  modules: new Map([["bardcast", { id: "bardcast" }]]),
  settings: {
    registered,
    register: (scope, key, data) => registered.set(`${scope}.${key}`, data),
    get: (scope, key) => {
      const data = registered.get(`${scope}.${key}`);
      if (!data) throw new Error(`"${scope}.${key}" is not a registered game setting`);
      return values.get(`${scope}.${key}`) ?? data.default;
    },
    set: async (scope, key, value) => values.set(`${scope}.${key}`, value),
  },
  keybindings: {
    all: new Map(),
    register: (scope, key, data) => game.keybindings.all.set(`${scope}.${key}`, data),
  },
  i18n: {
    localize: (key) => key.split(".").reduce((words, part) => words?.[part], globalThis.language) ?? key,
    format: (key, data) => game.i18n.localize(key).replace(/\{(\w+)\}/g, (all, name) => data[name] ?? all),
  },
};
globalThis.ui = { notifications: { told: [], warn: (words) => ui.notifications.told.push(words) } };

globalThis.ChatMessage = class ChatMessage {
  constructor({ author = "u-gm", ...data }) {
    Object.assign(this, {
      type: "base",
      style: 2,
      whisper: [],
      blind: false,
      rolls: [],
      speaker: {},
      ...data,
    });
    this.author = users.get(author);
  }

  get alias() {
    return this.speaker.alias ?? this.author.name;
  }

  get isRoll() {
    return this.rolls.length > 0;
  }

  /** A whisper is seen by who wrote it and whom it is for, game master or not. */
  get visible() {
    if (this.whisper.length === 0 || this.isRoll) return true;
    return this.author.id === game.user.id || this.whisper.includes(game.user.id);
  }

  static getSpeakerActor({ actor } = {}) {
    return actors.get(actor) ?? null;
  }

  /** As the server tells every client of it. */
  static create(data) {
    Hooks.callAll("createChatMessage", new ChatMessage(data), {}, data.author ?? "u-gm");
  }
};

globalThis.foundry = {
  applications: {
    ux: {
      TextEditor: {
        implementation: {
          async enrichHTML(html, { secrets = false }) {
            const template = document.createElement("template");
            template.innerHTML = html.replace(
              /@UUID\[([^\]]*)\](?:\{([^}]*)\})?/g,
              (_, id, label) =>
                `<a class="content-link">${label ?? actors.get(id.replace("Actor.", ""))?.name ?? id}</a>`,
            );
            if (!secrets)
              for (const each of template.content.querySelectorAll("section.secret:not(.revealed)"))
                each.remove();
            return template.innerHTML;
          },
        },
      },
    },
    api: {
      DialogV2: {
        /** Somebody fills it in: what a test has said for each field. */
        async input({ content }) {
          if (!globalThis.filledIn) return null;
          const names = [...content.querySelectorAll("input")].map(({ name }) => name);
          return Object.fromEntries(names.map((name) => [name, globalThis.filledIn[name] ?? ""]));
        },
      },
    },
  },
};
