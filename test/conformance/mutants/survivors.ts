import type { Reply } from "../../support/call.ts";
import { check } from "../check.ts";
import type { Answered, World } from "../world.ts";
import { wrongAnswers } from "./wrong-answers.ts";

/** Whether an answer is as expected. */
export function passes({ expectation }: Pick<Answered, "expectation">, reply: Reply, things: World["things"]): boolean {
  try {
    check("", expectation, reply, { things });
    return true;
  } catch {
    return false;
  }
}

/** What can be wrong with an answer without its case failing; nothing when the case says what it means. */
export function survivingAnswers(answered: Omit<Answered, "request">, things: World["things"]): string[] {
  return wrongAnswers(answered.reply, Object.keys(answered.expectation.answerHeaders ?? {}))
    .filter(({ reply }) => passes(answered, reply, things))
    .map(({ wrong }) => wrong);
}
