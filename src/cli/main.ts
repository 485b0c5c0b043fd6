#!/usr/bin/env node
/**
 * The command line. Each command has a file; this one only finds it.
 * @module
 */
const [command, ...rest] = process.argv.slice(2);

if (command === "voices") process.exitCode = await (await import("./voices.ts")).runVoices(rest);
else process.exitCode = await (await import("./serve.ts")).runServe(process.argv.slice(2));
