import { RawJson } from "../../../../core/json.ts";
import { nextTurn } from "../../../../core/slices.ts";
import type { Owner } from "../../../access/owner.ts";
import type { ExperimentFilter } from "../filters.ts";
import type { Experiment } from "../schema.ts";
import type { ExperimentService } from "../service.ts";
import { type Grouping, valuesIn } from "./grouping.ts";
import type { AggregatedGroups, Aggregations, ExperimentGroups } from "./schema.ts";
import { GroupTotals } from "./totals.ts";

/** Which experiments are grouped by what. */
export interface GroupQuery extends Pick<ExperimentFilter, "name" | "types" | "project_id" | "filters"> {
  groups: readonly Grouping[];
  /** Only experiments without a project. */
  project_deleted?: boolean | undefined;
}

/** A group of experiments. */
interface Group {
  label: string;
  /** The groups inside, by their values. */
  groups: Map<string, Group>;
  /** Of a group without others inside. */
  totals: GroupTotals;
}

/** Experiments that have the same values in all groupings. */
interface Combination {
  values: string[];
  labels: string[];
  /** When the newest of them was made. */
  latest: string;
}

interface GroupedExperiments {
  top: Map<string, Group>;
  combinations: Combination[];
}

/** The name of something that is not there any more. */
const DELETED = "__DELETED";

/** As many experiments are read at once, so that other requests are answered between. */
const EXPERIMENTS_AT_ONCE = 50;

/** Groups experiments by fields that they have in common [opik 11.6]. */
export class GroupService {
  readonly #experiments: ExperimentService;

  constructor({ experiments }: { experiments: ExperimentService }) {
    this.#experiments = experiments;
  }

  /** The groups, and the names of each level with the group of the newest experiment first. */
  async groups(owner: Owner, query: GroupQuery): Promise<ExperimentGroups> {
    const { top, combinations } = await this.#group(owner, query);
    return {
      content: new Map([...top].map(([value, group]) => [value, plainGroup(value, group)])),
      details: {
        groups_details: query.groups.map((_, level) => ({
          group_sorting: [
            ...new Set(combinations.toSorted(byAgeAndLabel(level)).map(({ labels }) => labels[level] ?? "")),
          ],
        })),
      },
    };
  }

  /** The groups with the totals of their experiments. */
  async aggregations(owner: Owner, query: GroupQuery): Promise<AggregatedGroups> {
    const { top } = await this.#group(owner, query);
    return { content: new Map([...top].map(([value, group]) => [value, totalled(group).shown])) };
  }

  async #group(owner: Owner, query: GroupQuery): Promise<GroupedExperiments> {
    const top = new Map<string, Group>();
    const combinations = new Map<string, Combination>();
    for await (const experiment of this.#each(owner, query)) {
      for (const values of combinationsOf(experiment, query.groups)) {
        const labels = values.map((value, level) => labelOf(query.groups[level], value, experiment));
        const key = JSON.stringify(values);
        const known = combinations.get(key);
        const { created_at } = experiment;
        const latest = known !== undefined && known.latest > created_at ? known.latest : created_at;
        combinations.set(key, { values, labels, latest });
        groupIn(top, values, labels).totals.add(experiment);
      }
    }
    return { top, combinations: [...combinations.values()] };
  }

  async *#each(
    owner: Owner,
    { name, types, project_id, filters, project_deleted }: GroupQuery,
  ): AsyncGenerator<Experiment> {
    const filter = { name, types, project_id, filters, project_deleted };
    for (let page = 1, left = true; left; page += 1) {
      const { content, size } = await this.#experiments.list(owner, { ...filter, page, size: EXPERIMENTS_AT_ONCE });
      yield* content;
      left = size === EXPERIMENTS_AT_ONCE;
      await nextTurn();
    }
  }
}

/**
 * Each combination of one value of each grouping. A grouping that is named again has the same value again; otherwise each
 * tag would be combined with all others, and those with all others.
 */
function combinationsOf(experiment: Experiment, groupings: readonly Grouping[]): string[][] {
  const keys = groupings.map((grouping) => JSON.stringify(grouping));
  const lists = new Map(groupings.map((grouping, index) => [keys[index] ?? "", valuesIn(experiment, grouping)]));
  const combinations = [...lists].reduce<Array<Map<string, string>>>(
    (before, [key, values]) => before.flatMap((known) => values.map((value) => new Map([...known, [key, value]]))),
    [new Map()],
  );
  return combinations.map((values) => keys.map((key) => values.get(key) ?? ""));
}

function labelOf(grouping: Grouping | undefined, value: string, experiment: Experiment): string {
  if (grouping?.field === "dataset_id") return experiment.dataset_name ?? DELETED;
  if (grouping?.field === "project_id") return experiment.project_name ?? DELETED;
  return value;
}

/** The innermost group of these values. */
function groupIn(top: Map<string, Group>, values: readonly string[], labels: readonly string[]): Group {
  let groups = top;
  let group: Group = { label: "", groups: top, totals: new GroupTotals() };
  for (const [level, value] of values.entries()) {
    group = groups.get(value) ?? { label: labels[level] ?? "", groups: new Map(), totals: new GroupTotals() };
    groups.set(value, group);
    ({ groups } = group);
  }
  return group;
}

/** A group with a label where that is not its value. */
function plainGroup(value: string, { label, groups }: Group): { label: string | undefined; groups: RawJson } {
  const inside = new Map([...groups].map(([inner, group]) => [inner, plainGroup(inner, group)]));
  return { label: label === value ? undefined : label, groups: RawJson.of(inside) };
}

function totalled({ label, groups, totals: own }: Group): {
  totals: GroupTotals;
  shown: { label: string; aggregations: Aggregations; groups: RawJson };
} {
  const inside = new Map([...groups].map(([value, group]) => [value, totalled(group)]));
  const totals = inside.size === 0 ? own : new GroupTotals();
  for (const inner of inside.values()) totals.addGroup(inner.totals);
  const shown = new Map([...inside].map(([value, inner]) => [value, inner.shown]));
  return { totals, shown: { label, aggregations: totals.result(inside.size > 0), groups: RawJson.of(shown) } };
}

/** The newest first; of one age, by their labels. */
function byAgeAndLabel(level: number): (one: Combination, other: Combination) => number {
  return (one, other) => {
    if (one.latest !== other.latest) return one.latest > other.latest ? -1 : 1;
    return (one.labels[level] ?? "") < (other.labels[level] ?? "") ? -1 : 1;
  };
}
