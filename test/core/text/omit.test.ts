import { expect, test } from "bun:test";
import fc from "fast-check";
import { omitting, withoutThoughts } from "../../../src/core/text/omit.ts";

test.each([
  ["<think>Hm. [whisper]no[/whisper]</think>Halt!", "Halt!"],
  ["Halt! <thinking>\nHm.\n</thinking> Who goes?", "Halt!  Who goes?"],
  ["<THINK >a</Think>b", "b"],
  ["[THINK]a[/THINK]b ◁think▷c◁/think▷d <seed:think>e</seed:think>f", "b d f"],
  ["a <think>never closed. At all.", "a "],
  ["no beginning</think>b", "no beginningb"],
  ["<think>a<think>b</think>c", "c"],
  ["<think>a<think>b</think>c</think>d", "d"],
  ["<Think>a [THINK]b[/THINK] c</Think> d <think>e</think>f", " d f"],
  ["<think>a<think>b</think>c<think>never closed", "c"],
  ["<think>The tag <think> is mine.</think>Halt! <think>b</think>Who goes?", "Halt! Who goes?"],
  ["a < b, <thin ice>, [think twice], <b>x</b>", "a < b, <thin ice>, [think twice], <b>x</b>"],
  ["ends with <thi", "ends with <thi"],
])("of %j is left %j, whole or cut anywhere", (text, left) => {
  expect(withoutThoughts(text)).toBe(left);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (places) => {
      const cuts = [...new Set([0, ...places])].sort((a, b) => a - b);
      const omitter = omitting();
      const out = cuts.map((from, i) => omitter.push(text.slice(from, cuts[i + 1]))).join("");
      expect(out + omitter.flush()).toBe(left);
    }),
    { numRuns: 50 },
  );
});

test("an answer is not held back for long because a thought spoke of thoughts", () => {
  const omitter = omitting();
  const answer = "The gate creaks open. ".repeat(100);
  let left = omitter.push("<think>The tag <think> is mine.</think>");
  for (const word of answer.split(/(?<= )/)) left += omitter.push(word);
  expect(answer.length - left.length).toBeLessThanOrEqual(32);
  expect(left + omitter.flush()).toBe(answer);
});

test("a text that seems to begin a tag again and again is not kept waiting", () => {
  const omitter = omitting();
  let given = 0;
  for (let i = 1; i <= 1000; i++) {
    given += omitter.push("<thin").length;
    expect(i * 5 - given).toBeLessThanOrEqual(32);
  }
});
