import { sayAndHear } from "./say-and-hear.ts";
import { tone } from "./tone.ts";

export * from "bardcast";
export * as client from "bardcast/client";

/** For whoever runs the bundle. */
Object.assign(globalThis, { heard: sayAndHear({ engines: [tone] }) });
