import { z } from "zod";
import { once } from "../once.ts";
import { ANSWER_KINDS, type AnswerRequest, MAX_ANSWER_CHARS } from "./answers.ts";

export const answerText = (): z.ZodString =>
  z.string().trim().min(1, "there is no text").max(MAX_ANSWER_CHARS);
export const isPrivate = (): z.ZodDefault<z.ZodBoolean> => z.boolean().default(false);
interface AnswerFields {
  kind: z.ZodDefault<z.ZodType<AnswerRequest["kind"]>>;
  text: z.ZodOptional<z.ZodString>;
  raised: z.ZodOptional<z.ZodBoolean>;
  private: z.ZodDefault<z.ZodBoolean>;
}
export const answerFields: () => AnswerFields = once(() => ({
  kind: z.enum(ANSWER_KINDS).default("text"),
  text: answerText().optional(),
  raised: z.boolean().optional(),
  private: isPrivate(),
}));
export const saysWhat = ({ kind, text }: AnswerRequest): boolean => kind !== "text" || text !== undefined;
export const NO_ANSWER: { path: string[]; message: string } = { path: ["text"], message: "there is no text" };

export const answerSchema: z.ZodType<AnswerRequest> = z.lazy(() =>
  z.strictObject(answerFields()).refine(saysWhat, NO_ANSWER),
);

/** The same as `POST /action` and dm20's `action` have it: a text. */
export const actionSchema: z.ZodType<{ action: string; private: boolean }> = z.lazy(() =>
  z.object({ action: answerText(), private: isPrivate() }),
);
