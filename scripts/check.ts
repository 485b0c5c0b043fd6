/**
 * The one check: what is published builds, types, lint, known weaknesses of what is
 * installed along, every test; before them, a real voice and a real ear are fetched. `npm test` and CI run exactly this. Ends with the
 * line `N passed, N failed`, in which a failed step counts as one.
 * @module
 */
import { existsSync } from "node:fs";

const steps: [name: string, command: string[]][] = [
  ["package", ["bun", "scripts/build.ts", "dist"]],
  ["lint", ["biome", "ci", "--error-on-warnings", "."]],
  ["types", ["tsc", "--project", "."]],
  ["audit", ["bun", "scripts/audit.ts"]],
  ["real parts", ["bun", "scripts/real-parts.ts"]],
];

let passed = 0;
let failed = 0;

for (const [name, command] of steps) {
  const { exitCode } = Bun.spawnSync(command, { stdio: ["ignore", "inherit", "inherit"] });
  console.log(`${exitCode === 0 ? "ok" : "FAILED"}: ${name}`);
  if (exitCode === 0) passed += 1;
  else failed += 1;
}

const tests = Bun.spawn(["bun", "test", "--timeout", "30000", ...process.argv.slice(2)], {
  stdio: ["ignore", "inherit", "pipe"],
});
const output = await tee(tests.stderr);
const exitCode = await tests.exited;
const count = (word: string): number => Number(new RegExp(`^ *(\\d+) ${word}$`, "m").exec(output)?.[1] ?? 0);
passed += count("pass");
failed += count("fail");
// A run that died without counting anything has not passed.
if (exitCode !== 0 && count("fail") === 0) failed += 1;

if (!existsSync("/usr/bin/chromium") && !process.env.CI) {
  console.log("\nATTENTION: no Chromium here, so no page was tried (Debian: apt-get install chromium).");
}
if (Bun.which("ffmpeg") === null && !process.env.CI) {
  console.log("\nATTENTION: no ffmpeg here, so no loudness was compared (Debian: apt-get install ffmpeg).");
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** Shows a stream while it is read. */
async function tee(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of stream) {
    process.stderr.write(part);
    text += decoder.decode(part, { stream: true });
  }
  return text;
}
