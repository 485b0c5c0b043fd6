/** Exit codes of a process that a signal ended: 128 and the signal's number. */
const STOP_SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** ms within which signals are one: npm passes on what the terminal, or whoever stops a service, has sent to all. */
const ECHO_MS = 300;
/** ms between two looks at whether the shell that npm has started this by is still there. */
const LOOK_MS = 250;

/** Resolves at the first signal to stop; the second one ends the process at once. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    const ask = (): void => {
      askedAt ??= performance.now();
      resolve();
    };
    for (const [signal, exitCode] of Object.entries(STOP_SIGNALS)) {
      process.on(signal, () => {
        if (askedAt !== undefined && performance.now() - askedAt > ECHO_MS) process.exit(exitCode);
        ask();
      });
    }
    if (isStartedByNpm()) whenOrphaned(ask);
  });
}

/** npm passes SIGTERM on to a shell, which dies of it without a word to what it runs. */
function whenOrphaned(listener: () => void): void {
  const { ppid } = process;
  const timer = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(timer);
    listener();
  }, LOOK_MS);
  timer.unref();
}

function isStartedByNpm(): boolean {
  // Deno would have to allow the variable.
  return !("Deno" in globalThis) && process.env.npm_lifecycle_event !== undefined;
}
