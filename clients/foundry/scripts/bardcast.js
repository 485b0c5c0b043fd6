/** Bardcast in Foundry VTT: what is written here is heard at the table. Only the active game master's browser sends it. */
import { chooseVoice } from "./actor-voice.js";
import { lineOf, voiceOf } from "./chat.js";
import { addSayButton, pageText } from "./journal.js";
import { registerSettings, settings } from "./settings.js";
import { Table } from "./table.js";

const table = new Table(settings, (problem, data = {}) =>
  ui.notifications.warn(game.i18n.format(`BARDCAST.Problem.${problem}`, data)),
);
const control = { icon: "fa-solid fa-comment-dots", label: "BARDCAST.Voice.Title", action: "bardcastVoice" };

Hooks.once("init", () => {
  registerSettings();
  game.keybindings.register("bardcast", "stop", {
    name: "BARDCAST.Stop",
    restricted: true,
    onDown: () => {
      void table.stop();
      return true;
    },
  });
  // For macros and other modules, of game masters.
  game.modules.get("bardcast").api = {
    say: (text, to = "all") => table.say({ text, to }),
    sayAs: (actor, text, to = "all") => table.say({ text, to, ...voiceOf(actor, actor.name) }),
    sayPage,
    stop: () => table.stop(),
  };
});

Hooks.on("createChatMessage", (message) => {
  // Every browser is told of it; one of them says it.
  if (!game.user.isActiveGM) return;
  const line = lineOf(message, settings());
  if (line) void table.say(line);
});

Hooks.on("renderJournalEntryPageSheet", ({ document: page, isView = true }, element) => {
  if (game.user.isGM && isView && page.type === "text") addSayButton(element, () => void sayPage(page));
});

Hooks.on("getHeaderControlsActorSheetV2", ({ document: actor }, controls) => {
  if (game.user.isGM) controls.push({ ...control, onClick: () => void chooseVoice(actor) });
});

/** Sheets of systems that are made the older way. */
Hooks.on("getActorSheetHeaderButtons", ({ document: actor }, buttons) => {
  if (!game.user.isGM) return;
  buttons.unshift({
    icon: control.icon,
    label: game.i18n.localize(control.label),
    class: "bardcast-voice",
    onclick: () => void chooseVoice(actor),
  });
});

/** @param {JournalEntryPage} page */
async function sayPage(page) {
  const text = await pageText(page);
  if (text !== "") return table.say({ text, to: "all", context: "narration" });
  ui.notifications.warn(game.i18n.localize("BARDCAST.Problem.Nothing"));
  return false;
}
