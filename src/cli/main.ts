#!/usr/bin/env node
/**
 * The command line. Each command has a file; this one only finds it.
 * @module
 */
import { runServe } from "./serve.ts";

process.exitCode = await runServe(process.argv.slice(2));
