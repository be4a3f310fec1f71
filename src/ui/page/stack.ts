/** Lines of a stack in Python and JavaScript. */
const FRAME = /^\s+(?:at |File ")|^Traceback /;

/**
 * Splits an error into its message and its stack: Python puts the message after the stack, JavaScript before it.
 * @returns no stack for an error without one
 */
export function splitStack(text: string): { message: string; stack: string } {
  const lines = text.trimEnd().split("\n");
  const first = lines.findIndex((line) => FRAME.test(line));
  if (first < 0) return { message: text.trimEnd(), stack: "" };
  if (lines[first]?.startsWith("Traceback ") === true) {
    const end = lines.findLastIndex((line) => /^\s/.test(line));
    const message = [...lines.slice(0, first), ...lines.slice(end + 1)].join("\n");
    return message === ""
      ? { message: text.trimEnd(), stack: "" }
      : { message, stack: lines.slice(first, end + 1).join("\n") };
  }
  const message = lines.slice(0, first).join("\n");
  return { message, stack: lines.slice(first).join("\n") };
}
