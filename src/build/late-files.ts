/**
 * What most servers do without, and what a start does without: by the name of the file that the bundler puts it into, and
 * `ProgramModules` loads with its first use. On Windows paths have backslashes.
 */
export const LATE_FILES: Readonly<Record<string, RegExp>> = {
  "fixture-schemas":
    /[\\/]src[\\/]fixtures[\\/](?:format[\\/](?:[a-z]+-)?(?:schema|parts)|scripts[\\/]users[\\/]perform)\.ts$/,
  // What loads and exports fixtures, without the parts that a server has from its start.
  "fixture-rows":
    /[\\/]src[\\/]fixtures[\\/](?:kinds|export|load)[\\/](?!parse\.ts|plan-workers\.ts|records[\\/]fixture-ids\.ts).*\.ts$/,
  // All but the routes that say whether the server is alive, with the published operations that have no route.
  routes:
    /[\\/]src[\\/](?:(?:opik|strait|admin)[\\/](?!health[\\/])(?:[a-z-]+[\\/])*(?:[a-z]+-)*(?:routes|schema)\.ts|opik[\\/]published[\\/].*)$/,
  diff: /[\\/]node_modules[\\/]diff[\\/]/,
  yaml: /[\\/]node_modules[\\/]yaml[\\/]/,
};
