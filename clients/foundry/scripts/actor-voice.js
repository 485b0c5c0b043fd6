const FIELDS = ["name", "voice", "race", "gender"];

/**
 * Asks who an actor is at the table, and binds the answer to it.
 * @param {Actor} actor
 */
export async function chooseVoice(actor) {
  const { DialogV2 } = foundry.applications.api;
  const bound = actor.getFlag("bardcast", "voice") ?? {};
  const content = document.createElement("div");
  for (const field of FIELDS) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.name = field;
    input.setAttribute("value", bound[field] ?? "");
    const words = game.i18n.localize(`BARDCAST.Voice.${field.charAt(0).toUpperCase()}${field.slice(1)}`);
    label.append(words, input);
    content.append(label);
  }
  const chosen = await DialogV2.input({
    window: { title: game.i18n.localize("BARDCAST.Voice.Title") },
    content,
    rejectClose: false,
  });
  if (!chosen) return;
  const kept = FIELDS.map((field) => [field, String(chosen[field] ?? "").trim()]).filter(
    ([, value]) => value !== "",
  );
  // Flags are merged: what was there before goes first.
  await actor.unsetFlag("bardcast", "voice");
  if (kept.length > 0) await actor.setFlag("bardcast", "voice", Object.fromEntries(kept));
}
