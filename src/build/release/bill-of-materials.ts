/** A part of a program in CycloneDX, as far as it is read. */
export interface Component {
  "bom-ref": string;
  name: string;
  version: string;
  properties: ReadonlyArray<{ name: string; value: string }>;
  [member: string]: unknown;
}

/** A software bill of materials in CycloneDX, as `npm sbom` writes it. */
export interface BillOfMaterials {
  metadata: { component: Component; [member: string]: unknown };
  components: readonly Component[];
  dependencies: ReadonlyArray<{ ref: string; dependsOn: readonly string[] }>;
  [member: string]: unknown;
}

/** npm's mark of what is installed for development only. */
const DEVELOPMENT = "cdx:npm:package:development";

/**
 * Reduces npm's list of everything that is installed to what a release has inside or installs: the libraries in the
 * bundles, which npm takes for tools of development, the dependencies of the package, and the Node of the executables.
 * @param licenses the texts that `opik-local licenses` shows; the line above each licence names the library
 */
export function reduceToShipped(
  all: BillOfMaterials,
  { name, licenses }: { name: string; licenses: string },
): BillOfMaterials {
  const bundled = new Set(licenses.split("\n").map((line) => line.replace(/ \(.*\)$/, "")));
  const components = all.components.flatMap((component): Component[] => {
    if (component.name === "node") return [nodeOf(component.version)];
    const properties = component.properties.filter((property) => property.name !== DEVELOPMENT);
    const isDevelopment = properties.length < component.properties.length;
    if (isDevelopment && !bundled.has(`${component.name} ${component.version}`)) return [];
    return [{ ...component, properties }];
  });
  const main = { ...all.metadata.component, name };
  const references = new Set([main, ...components].map((component) => component["bom-ref"]));
  const dependencies = all.dependencies
    .filter(({ ref }) => references.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => references.has(other)) }));
  return { ...all, metadata: { ...all.metadata, component: main }, components, dependencies };
}

/** Node itself instead of the npm package that installs it, under the names by which its weaknesses are published. */
function nodeOf(version: string): Component {
  return {
    "bom-ref": `node@${version}`,
    type: "platform",
    name: "node",
    version,
    scope: "optional",
    description: "Node.js, in the single executables",
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    purl: `pkg:generic/node@${version}`,
    properties: [],
  };
}
