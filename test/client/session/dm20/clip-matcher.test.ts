import { expect, test } from "bun:test";
import { ClipMatcher } from "../../../../src/client/session/dm20/clip-matcher.ts";

test("clips find their lines although the texts ran ahead", () => {
  const follower = new ClipMatcher();
  follower.text("a", "The dragon roars. You hear Dr. Rook scream!");
  follower.text("b", "…");
  follower.text("c", "Roll for initiative.");
  expect([follower.clip(), follower.clip(), follower.clip()]).toEqual(["a", "a", "c"]);
});

test("clips beyond what was expected stay with the last line", () => {
  const follower = new ClipMatcher();
  follower.text("a", "Run!");
  expect([follower.clip(), follower.clip()]).toEqual(["a", "a"]);
});

test("a sentence that was never spoken misleads only until the next pause", () => {
  let now = 0;
  const follower = new ClipMatcher(() => now);
  follower.text("a", "One. Two.");
  follower.clip();
  now = 6000;
  follower.text("b", "Three.");
  expect(follower.clip()).toBe("b");
});

test("sound that comes before any text belongs to no line", () => {
  expect(new ClipMatcher().clip()).toBeUndefined();
});
