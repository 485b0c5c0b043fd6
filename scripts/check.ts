/**
 * The one check: what is published builds, types, lint, known weaknesses of what is installed along, and, with a real voice
 * and a real ear that are fetched, every test. `npm test` and CI run exactly this. Ends with the line
 * `N passed, N failed`, in which a failed step counts as one.
 * @module
 */
import { existsSync, readdirSync } from "node:fs";

/** Whole processes and installed packages, which are made once for all of these. */
const PROCESSES = ["runtime", "package", "examples", "cli", "docs", "evening", "fuzz", "simulation", "nats"];
/** Whatever is heard, and what is compared with a control: nothing runs beside it. */
const ALONE = ["browser", "client", "bench"];
/** Of those, what is computed on a clock of its own: something may run beside it. */
const ON_VIRTUAL_TIME = ["test/client/output/in-step/table-in-step.test.ts"];
/** Not tests, but what tests use. */
const SUPPORT = ["fixtures", "support"];

const steps: [name: string, command: string[]][] = [
  ["package", ["bun", "scripts/build.ts", "dist"]],
  ["lint", ["biome", "ci", "--error-on-warnings", "."]],
  ["types", ["tsc", "--project", "."]],
  ["audit", ["bun", "scripts/audit.ts"]],
  ["real parts", ["bun", "scripts/real-parts.ts"]],
];

let passed = 0;
let failed = 0;
const failures = new Set<string>();

for (const [name, command] of steps) {
  const { exitCode } = Bun.spawnSync(command, { stdio: ["ignore", "inherit", "inherit"] });
  console.log(`${exitCode === 0 ? "ok" : "FAILED"}: ${name}`);
  if (exitCode === 0) passed += 1;
  else failed += 1;
}

const chosen = process.argv.slice(2);
if (chosen.length > 0) await test(chosen);
else {
  // Both of these mostly wait, so that two cores are enough for them.
  const processes = test(foldersOf(PROCESSES));
  const parts = test([...restOfTests(), ...ON_VIRTUAL_TIME.map((path) => `./${path}`)], { isHeld: true });
  await processes;
  await parts;
  await test(testsAlone());
}

if (!existsSync("/usr/bin/chromium") && !process.env.CI) {
  console.log("\nATTENTION: no Chromium here, so no page was tried (Debian: apt-get install chromium).");
}
if (Bun.which("ffmpeg") === null && !process.env.CI) {
  console.log("\nATTENTION: no ffmpeg here, so no loudness was compared (Debian: apt-get install ffmpeg).");
}
if (Bun.which("nats-server") === null && !process.env.CI) {
  console.log(
    "\nATTENTION: no NATS server here, so no cluster was tried (Debian: apt-get install nats-server).",
  );
}
if (Bun.which("pulseaudio") === null && !process.env.CI) {
  console.log("\nATTENTION: no PulseAudio here, so no room was tuned (Debian: apt-get install pulseaudio).");
}
for (const line of failures) console.log(line);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function foldersOf(names: readonly string[]): string[] {
  return names.map((name) => `./test/${name}/`);
}

/** Files that are tested with nothing beside them. */
function testsAlone(): string[] {
  const files = ALONE.flatMap((name) => [...new Bun.Glob(`test/${name}/**/*.test.{ts,tsx}`).scanSync(".")]);
  return files.filter((path) => !ON_VIRTUAL_TIME.includes(path)).map((path) => `./${path}`);
}

/** All that is tested in one process: whatever stands in `test` and is named nowhere above. */
function restOfTests(): string[] {
  const named = new Set([...PROCESSES, ...ALONE, ...SUPPORT]);
  const rest = readdirSync("test", { withFileTypes: true }).filter(({ name }) => !named.has(name));
  return rest.map((entry) => `./test/${entry.name}${entry.isDirectory() ? "/" : ""}`);
}

/** Runs tests and counts them. @param options.isHeld shows what they print when they have ended, not before */
async function test(paths: readonly string[], { isHeld = false } = {}): Promise<void> {
  const tests = Bun.spawn(["bun", "test", "--timeout", "30000", ...paths], {
    stdio: ["ignore", "inherit", "pipe"],
  });
  const decoder = new TextDecoder();
  let output = "";
  for await (const part of tests.stderr) {
    if (!isHeld) process.stderr.write(part);
    output += decoder.decode(part, { stream: true });
  }
  if (isHeld) process.stderr.write(output);
  const exitCode = await tests.exited;
  const count = (word: string): number =>
    Number(new RegExp(`^ *(\\d+) ${word}$`, "m").exec(output)?.[1] ?? 0);
  for (const [line] of output.matchAll(/^\(fail\).*$/gm)) failures.add(line);
  passed += count("pass");
  failed += count("fail");
  // A run that died without counting anything has not passed.
  if (exitCode !== 0 && count("fail") === 0) failed += 1;
}
