#!/usr/bin/env node
/**
 * The command line. Each command has a file; `program.ts` finds it.
 * @module
 */
import { runProgram } from "./program.ts";

process.exitCode = await runProgram(process.argv.slice(2));
