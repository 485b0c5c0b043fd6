import { htmlToText } from "./html-to-text.js";

/**
 * What players may hear of a page of a journal, as text. Links and embedded pages are resolved by Foundry, secrets left
 * out by it and here once more.
 * @param {JournalEntryPage} page
 */
export async function pageText(page) {
  const { content = "" } = page.text ?? {};
  const { TextEditor } = foundry.applications.ux;
  const options = { secrets: false, rolls: false, embeds: false, relativeTo: page };
  const html = await TextEditor.implementation.enrichHTML(content ?? "", options);
  return htmlToText(html);
}

/**
 * Puts a button above a page that is shown to a game master.
 * @param {HTMLElement} element
 * @param {() => void} say
 */
export function addSayButton(element, say) {
  if (element.querySelector(".bardcast-say")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "bardcast-say";
  button.textContent = game.i18n.localize("BARDCAST.Say");
  button.addEventListener("click", say);
  element.prepend(button);
}
