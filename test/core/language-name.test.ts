import { expect, test } from "bun:test";
import { languageName } from "../../src/core/language-name.ts";

test("a language is called what people call it, invented ones too; parts of a tag without a name are left out", () => {
  expect(languageName("de")).toBe("German");
  expect(languageName("en-GB")).toBe("British English");
  expect(languageName("sjn")).toBe("Sindarin");
  expect(languageName("en-gb-x-gbclan")).toBe("British English");
  expect(languageName("ca-nw")).toBe("Catalan");
  expect(languageName("chr-us-qaaa-x-west")).toMatch(/^Cherokee/);
});

test("two languages that there are voices for have two names; one that nobody knows keeps its tag", () => {
  expect(languageName("cmn")).not.toBe(languageName("zh"));
  expect(languageName("qzz")).toBe("qzz");
  expect(languageName("*")).toBe("*");
  expect(languageName("constructor")).toBe("constructor");
  expect(languageName("")).toBe("");
});
