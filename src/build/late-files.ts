/**
 * What most servers do without, and what a start does without: by the name of the file that the bundler puts it into, and
 * `ProgramModules` loads with its first use. On Windows paths have backslashes.
 */
export const LATE_FILES: Readonly<Record<string, RegExp>> = {
  "fixture-schemas":
    /[\\/]src[\\/]fixtures[\\/](?:format[\\/](?:[a-z]+-)?(?:schema|parts)|scripts[\\/]users[\\/]perform)\.ts$/,
  // All but the routes that say whether the server is alive.
  routes: /[\\/]src[\\/](?:opik|strait|admin)[\\/](?!health[\\/])(?:[a-z-]+[\\/])*(?:[a-z]+-)*(?:routes|schema)\.ts$/,
  yaml: /[\\/]node_modules[\\/]yaml[\\/]/,
};
