/** Languages that engines speak and `Intl` has no name for, or one of another. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["cmn", "Mandarin Chinese"],
  ["hbs", "Serbo-Croatian"],
  ["hyw", "Western Armenian"],
  ["mto", "Totontepec Mixe"],
  ["nci", "Classical Nahuatl"],
  ["piqd", "Klingon"],
  ["py", "Pyash"],
  ["qdb", "Lang Belta"],
  ["qya", "Quenya"],
  ["sjn", "Sindarin"],
  ["xex", "Xextan"],
]);
const DISPLAY = new Intl.DisplayNames("en", { type: "language" });

/** What people call a language, in English: without the parts of its tag that have no name; a language without one by its tag. */
export function languageName(tag: string): string {
  const parts = tag.split("-");
  const own = NAMES.get(parts[0]?.toLowerCase() ?? "");
  if (own !== undefined) return own;
  for (let length = parts.length; length > 0; length--) {
    const name = named(parts.slice(0, length).join("-"));
    if (name !== undefined) return name;
  }
  return tag;
}

function named(tag: string): string | undefined {
  try {
    const name = DISPLAY.of(tag);
    // What it does not know of a tag it gives back as it is, or in capitals.
    return name === undefined || /^[a-z]{2,3}(?:-|$)|\([^)]*[A-Z]{3}/u.test(name) ? undefined : name;
  } catch {
    return undefined;
  }
}
