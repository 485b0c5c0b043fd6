import { expect, test } from "bun:test";
import { respelled } from "../../../../src/core/text/spoken/respelling/respell.ts";
import { saidOf, spokenForm } from "../../../../src/core/text/spoken/spoken-form.ts";

test("names that Flite would spell are words to it", () => {
  const cases = {
    Drizzt: "Drist",
    Cthulhu: "Kuthulhu",
    Mjolnir: "Myolnir",
    Vrskul: "Vreskul",
    Skjoldr: "Sholder",
    Hrothgar: "Rothgar",
    Krrth: "Krerth",
    Schwerin: "Swerin",
    Schlegel: "Shlegel",
    Gretsch: "Gretch",
  };
  for (const [name, expected] of Object.entries(cases)) expect(respelled(name, "flite")).toBe(expected);
});

test("what engines know or spell on purpose stays", () => {
  for (const word of ["Strengths", "angst", "Thorin", "NPC", "Mr", "dr", "Zoë", "ab"])
    expect(respelled(word, "flite")).toBeUndefined();
  for (const word of ["Drizzt", "Cthulhu", "Pneumonia", "Schwarz", "Mrs", "krrth"])
    expect(respelled(word, "espeak")).toBeUndefined();
  expect(respelled("Mjolnir", "espeak")).toBe("Myolnir");
});

test("only English is respelled, and two capitals are spaced where Flite reads a word", () => {
  const options = { speller: "flite" } as const;
  expect(saidOf(spokenForm("Drizzt has an IP. Tell Me.", { ...options, language: "en-gb" }))).toBe(
    "Drist has an I P. Tell me.",
  );
  expect(saidOf(spokenForm("Drizzt hat eine IP.", { ...options, language: "de" }))).toBe(
    "Drizzt hat eine IP.",
  );
});
