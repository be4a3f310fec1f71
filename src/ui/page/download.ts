import { headersFor } from "./api.ts";

/**
 * Saves the answer of a request as a file: with the headers that a link would not send.
 * @param name of the file; what file systems do not take becomes `_`
 */
export async function download(path: string, name: string): Promise<void> {
  const response = await fetch(path, { headers: headersFor(path) });
  if (!response.ok) throw new Error(await response.text());
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name.replaceAll(/[^\w.-]/g, "_");
  link.click();
  URL.revokeObjectURL(link.href);
}
