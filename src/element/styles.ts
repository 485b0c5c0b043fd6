/** How the element looks where the page says nothing else; the page says it by parts and custom properties. */
export const STYLES = `
:host {
  display: block;
  --ground: var(--bardcast-ground, light-dark(#fffaf0, #171310));
  --text: var(--bardcast-text, light-dark(#2a1f14, #f3e8d2));
  --faded: var(--bardcast-faded, light-dark(#6a5842, #b8a98f));
  --accent: var(--bardcast-accent, light-dark(#8a4b00, #f2b457));
  --whisper: var(--bardcast-whisper, light-dark(#e3e9fb, #1b2235));
  --gap: var(--bardcast-gap, 0.75rem);
  font: var(--bardcast-font, 1rem/1.5 system-ui, sans-serif);
}
:host([hidden]) { display: none; }
[part="player"] {
  display: flex;
  flex-direction: column;
  gap: var(--gap);
  max-height: inherit;
  box-sizing: border-box;
  padding: var(--gap);
  border-radius: var(--bardcast-radius, 0.5rem);
  background: var(--ground);
  color: var(--text);
}
[part="captions"] {
  overflow-y: auto;
  max-height: var(--bardcast-captions-height, 16rem);
  overflow-wrap: anywhere;
}
[part="captions"]:empty { display: none; }
p { margin: 0 0 0.5em; white-space: pre-line; }
[part~="whisper"] { background: var(--whisper); border-radius: 0.25rem; padding: 0.1em 0.4em; }
[part="speaker"] { font-weight: 600; }
[part="speaker"]::after { content: ": "; }
[part~="spoken"] [part="text"] { text-decoration: underline; text-decoration-color: var(--accent); }
[part="controls"] { display: flex; flex-wrap: wrap; gap: var(--gap); align-items: center; }
[part="status"] { color: var(--faded); margin: 0; flex: 1 1 10em; }
button {
  font: inherit;
  min-height: 2.75rem;
  padding: 0 1rem;
  border: 1px solid var(--accent);
  border-radius: var(--bardcast-radius, 0.5rem);
  background: transparent;
  color: var(--accent);
  cursor: pointer;
}
button:focus-visible, [part="captions"]:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[part="listen"] { background: var(--accent); color: var(--ground); }
[hidden] { display: none !important; }
@media (forced-colors: active) {
  :host {
    --ground: Canvas;
    --text: CanvasText;
    --faded: CanvasText;
    --accent: CanvasText;
    --whisper: Canvas;
  }
  [part~="whisper"] { border: 1px solid; }
}
input { accent-color: var(--accent); min-height: 2.75rem; }
`;
