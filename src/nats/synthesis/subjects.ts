/** Who has free workers: those who are not full take turns here. */
export const FREE_WORKERS = "free-workers";

/** Told when a worker is free again, to whoever waits for one. */
export const FREED = "bc1.synth-freed";

/** Where a sentence for an engine is offered; it carries the engine's name and the job. */
export function offerSubject(engine: string): string {
  return `bc1.synth.${token(engine)}`;
}

/** Where an engine is asked what it can do. */
export function engineSubject(engine: string): string {
  return `bc1.engine.${token(engine)}`;
}

/** Both ways of one job, between who asked and the worker that took it. */
export function jobSubjects(job: string, worker: string): { toWorker: string; fromWorker: string } {
  const subject = `bc1.job.${job}.${worker}`;
  return { toWorker: `${subject}.c`, fromWorker: `${subject}.d` };
}

/** A name as one token of a subject. */
function token(name: string): string {
  return encodeURIComponent(name).replace(/[.*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
}
