/**
 * What a process of evenings has in its environment: each runs for a minute, in which JavaScriptCore's last compiler (FTL)
 * takes more CPU than it saves.
 */
export const LEAN: Readonly<Record<string, string | undefined>> = {
  ...process.env,
  BUN_JSC_useFTLJIT: "0",
};
