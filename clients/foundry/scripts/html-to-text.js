/** What is not read out: scripts, controls, results of dice, and whatever a system shows to its game master alone. */
const UNSAID = [
  "script, style, template, noscript, svg, math, object, iframe, video, audio, canvas",
  "button, input, select, textarea, form, nav, .card-buttons",
  "[hidden], [aria-hidden='true'], .gm-only, .hidden-to-players, [data-visibility]:not([data-visibility='all'])",
  ".secret:not(.revealed)",
  ".dice-roll, .dice-result, .dice-tooltip, .inline-roll.blind",
].join(", ");
/** After these a sentence ends. */
const BLOCKS =
  "p, div, section, article, aside, blockquote, li, h1, h2, h3, h4, h5, h6, tr, dt, dd, figcaption, pre, hr, header";
/** A link or a roll as it is written: the label that it was given, else nothing of `@Check` and the like. */
const REFERENCE = /[@&](\w+)\[[^\]]*\](?:\{([^}]*)\})?/g;
const ROLL = /\[\[(?:\/\w+\s+)?([^\]]*?)\]\](?:\{([^}]*)\})?/g;

/**
 * What of somebody's HTML is read out, as plain text. Nothing of it runs or is loaded, and what players may not see is
 * left out.
 * @param {string} html
 */
export function htmlToText(html) {
  // A document of its own is inert: no script runs, no picture is fetched.
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const unsaid of body.querySelectorAll(UNSAID)) unsaid.remove();
  for (const hidden of body.querySelectorAll("[style]")) {
    if (hidden.style.display === "none" || hidden.style.visibility === "hidden") hidden.remove();
  }
  for (const picture of body.querySelectorAll("img")) picture.remove();
  for (const end of body.querySelectorAll("br")) end.replaceWith("\n");
  for (const cell of body.querySelectorAll("td, th")) cell.append(" ");
  for (const block of body.querySelectorAll(BLOCKS)) {
    block.before("\n");
    block.append("\n");
  }
  return (body.textContent ?? "")
    .replace(REFERENCE, (_, _kind, label) => label ?? "")
    .replace(ROLL, (_, formula, label) => label ?? formula.replace(/#.*$/, ""))
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n[ \n]*/g, "\n")
    .trim();
}

/**
 * The same text without anything that the table takes for a tag: a player's words are words.
 * @param {string} text
 */
export function withoutTags(text) {
  // A word joiner is neither seen nor heard.
  return text.replace(/\[(?=\/?\w)/g, "[\u2060").replace(/^(?=\s*<speak)/i, "\u2060");
}
