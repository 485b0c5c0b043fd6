/** What a program can be asked to do; arguments and answers are JSON. */
export type Answers = Readonly<Record<string, (...args: never[]) => unknown>>;

/**
 * The measured side of a bench: answers calls that come as lines of JSON on stdin, one after the other, and ends
 * with it. Works the same on Bun, Deno and Node.
 */
export function answer(answers: Answers): void {
  let rest = "";
  let last: Promise<unknown> = Promise.resolve();
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) last = last.then(() => reply(answers, line));
  });
  process.stdin.on("end", () => process.exit(0));
  console.log(JSON.stringify({ ready: true }));
}

async function reply(answers: Answers, line: string): Promise<void> {
  const { call, args } = JSON.parse(line);
  try {
    const value: unknown = await (answers[call] as (...args: unknown[]) => unknown)(...args);
    console.log(JSON.stringify({ value: value ?? null }));
  } catch (error) {
    console.log(
      JSON.stringify({ error: error instanceof Error ? `${error}\n${error.stack}` : String(error) }),
    );
  }
}

/** The argument that `Program.start` gave. */
export function argument<T>(): T {
  return JSON.parse(process.argv[2] ?? "{}");
}
