/** Exit codes of a process that a signal ended: 128 and the signal's number. */
const STOP_SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Resolves at the first signal to stop; the second one ends the process at once. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const [signal, exitCode] of Object.entries(STOP_SIGNALS)) {
      process.on(signal, () => {
        if (asked) process.exit(exitCode);
        asked = true;
        resolve();
      });
    }
  });
}
