/** The path of the page on its server; the paths of its views begin with it. */
export const BASE = "/__local/ui";
