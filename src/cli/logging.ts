import { configureSync, getJsonLinesFormatter, type LogLevel, type LogRecord } from "@logtape/logtape";
import { LOG_CATEGORY } from "../party/telemetry/warnings.ts";
import { warn, warnJson } from "./terminal.ts";

export const LOG_FORMATS = ["text", "json", "none"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];
export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;

/** Shows on the terminal what Bardcast logs: a library configures nothing, a program does. */
export function setUpLogging(format: LogFormat, level: LogLevel): void {
  configureSync({
    reset: true,
    sinks: { terminal: sinkOf(format) },
    loggers: [
      { category: [LOG_CATEGORY], lowestLevel: level, sinks: ["terminal"] },
      // What goes wrong with the log itself.
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["terminal"] },
    ],
  });
}

function sinkOf(format: LogFormat): (record: LogRecord) => void {
  if (format === "none") return () => undefined;
  if (format === "text") return (record) => warn(lineOf(record));
  const asJson = getJsonLinesFormatter();
  return (record) => warnJson(asJson(record).trimEnd());
}

/** A warning is a sentence of its own; what is told besides has its level before it. */
function lineOf({ level, message }: LogRecord): string {
  const line = message.map(String).join("");
  return level === "warning" ? line : `${level}: ${line}`;
}
