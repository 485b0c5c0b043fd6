/** Serves a table from a clone, or whatever the command line is told. @module */
import { BUILT } from "./build-clone.js";

await import(new URL("src/cli/main.js", BUILT).href);
