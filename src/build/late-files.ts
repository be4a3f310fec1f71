/**
 * What most servers do without: by the name of the file that the bundler puts it into, and `ProgramModules` loads with its
 * first use. On Windows paths have backslashes.
 */
export const LATE_FILES: Readonly<Record<string, RegExp>> = {
  "fixture-schemas": /[\\/]src[\\/]fixtures[\\/]format[\\/](?:[a-z]+-)?(?:schema|parts)\.ts$/,
  yaml: /[\\/]node_modules[\\/]yaml[\\/]/,
};
