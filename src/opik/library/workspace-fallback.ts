/**
 * The header of an answer with a thing that is not in the project that the request names, but elsewhere in the
 * workspace [opik 9.2, 10.1]; the Python SDK logs it as a warning.
 * @param kind how the real server calls such a thing: `Dataset`
 */
export function foundElsewhere(kind: string, name: string): Record<string, string> {
  const found = `${kind} '${encodeURI(name.toWellFormed())}' was found via workspace-wide search.`;
  return {
    "x-opik-deprecation": `${found} In a future version, you will need to specify the project explicitly.`,
  };
}
