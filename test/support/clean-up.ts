/** Loaded before the first test file (`bunfig.toml`); what is said here happens after the last. */
import { afterAll } from "bun:test";
import { removePackage } from "./package.ts";

afterAll(removePackage);
