import { expect, test } from "bun:test";
import { saidOf, spokenForm } from "../../../../src/core/text/spoken/spoken-form.ts";
import { PLAIN_SETTINGS } from "../../../../src/core/text/spoken/spoken-settings.ts";

function said(text: string, settings = PLAIN_SETTINGS): string {
  return saidOf(spokenForm(text, { language: "en", settings }));
}

test("dice are said as players say them", () => {
  const cases = {
    "2d6+3": "two d six plus three",
    "a d20, 1d20-1": "a d twenty, one d twenty minus one",
    "4d6kh3": "four d six, keep the highest three",
    "d%": "d hundred",
    "3d8 + 2d6 fire": "three d eight plus two d six fire",
    "2d20kl1": "two d twenty, keep the lowest",
    "two d6s, 3d6! Now": "two d sixes, three d six! Now",
    "1d6x100 gp, (2d6)x10, 10d6/2":
      "one d six times one hundred gold pieces, (two d six) times ten, ten d six divided by two",
    "with adv., or disadv.; now": "with advantage, or disadvantage; now",
    "2d6×10": "two d six times ten",
    "1d6/1d8, 19–20/x2": "one d six or one d eight, nineteen to twenty, times two",
    "roll with adv. and R2-D2": "roll with advantage and R2-D2",
    "with disadv, then adv": "with disadvantage, then advantage",
  };
  for (const [written, expected] of Object.entries(cases)) expect(said(written)).toBe(expected);
});

test("scores are said as players say them", () => {
  const cases = {
    "DC 15 − 2": "DC fifteen minus two",
    "AC17 and +2 to hit, AC:18": "AC seventeen and plus two to hit, AC: eighteen",
    "slots 4/3/2, 3/SR": "slots four, three, two, three per SR",
    "STR DEX CON INT WIS CHA": "strength dexterity constitution intelligence wisdom charisma",
    "nat 20, lvl 3, WIS/CHA.": "natural twenty, level three, wisdom charisma.",
    "CR ½, CR 1/4": "CR one half, CR one quarter",
    "AC 15/17, AC: 12 / 14": "AC fifteen or seventeen, AC: twelve or fourteen",
    "HP 12/20, 3/5 charges": "HP twelve of twenty, three of five charges",
    "STR 18 (+4), CHA 8 (−1)": "strength eighteen (plus four), charisma eight (minus one)",
    "a DC 13 Dex save": "a DC thirteen dexterity save",
    "Lvl. 5, 3rd lvl, nat 20": "level five, third level, natural twenty",
    "12 gp, 1 sp and 7cp": "twelve gold pieces, one silver piece and seven copper pieces",
    "an NPC, XP 1,200, 3/day": "an NPC, XP one thousand two hundred, three per day",
    "Str: 10, saves: Dex +5, Con: -1": "strength: ten, saves: dexterity plus five, constitution: minus one",
    "a con man, INT. Wisdom": "a con man, INT. Wisdom",
  };
  for (const [written, expected] of Object.entries(cases)) expect(said(written)).toBe(expected);
});

test("a campaign turns it off, and adds its own", () => {
  expect(said("STR 18, 12 gp", { ...PLAIN_SETTINGS, tableTalk: false })).toBe("STR eighteen, twelve gp");
  const own = {
    ...PLAIN_SETTINGS,
    shortForms: { BAB: "base attack bonus" },
    units: { dr: ["drachma", "drachmas"] as const },
  };
  expect(said("BAB +3, 5 dr, 1 dr.", own)).toBe("base attack bonus plus three, five drachmas, one drachma.");
});
