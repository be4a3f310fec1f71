import { comparisonKey } from "../../core/comparison-key.ts";
import type { Owner } from "../access/owner.ts";
import type { OpikContext } from "../context.ts";
import { RestoreConflict, type RestoreOutcome } from "../wire/restore.ts";
import type { NewProject, ProjectService } from "./service.ts";
import { ProjectStore } from "./store.ts";

export interface ProjectRestorerDependencies {
  projects: ProjectService;
}

/** A project as a fixture has it. Times are milliseconds since the epoch. */
export interface RestoredProject extends NewProject {
  id: string;
  /** The id is a default: an existing project of that name is used. */
  idIsDefault: boolean;
  createdAt: number;
  lastUpdatedAt: number;
}

/** Restores projects of fixtures. */
export class ProjectRestorer {
  readonly #context: OpikContext;
  readonly #store: ProjectStore;
  readonly #projects: ProjectService;

  constructor(context: OpikContext, dependencies: ProjectRestorerDependencies) {
    this.#context = context;
    this.#store = new ProjectStore(context.database);
    this.#projects = dependencies.projects;
  }

  /**
   * Creates a project. An existing project gets its description and visibility, where they are given.
   * @returns its id, or that of the existing project
   * @throws RestoreConflict when the name or the id belongs to another project
   */
  restore(owner: Owner, project: RestoredProject): { id: string; outcome: RestoreOutcome } {
    return this.#context.database.transaction(() => {
      const existing = this.#store.findByKey(owner.workspace, comparisonKey(project.name));
      if (existing === undefined) {
        const name = this.#store.nameOf(project.id);
        if (name !== undefined) throw new RestoreConflict(`the id ${project.id} belongs to the project "${name}"`);
        this.#projects.add(owner, project, project);
        return { id: project.id, outcome: "added" };
      }
      const { id } = existing;
      if (id !== project.id && !project.idIsDefault) {
        throw new RestoreConflict(`the project "${project.name}" is already there, with the id ${id}`);
      }
      const description = project.description ?? existing.description;
      const visibility = project.visibility ?? existing.visibility;
      if (description === existing.description && visibility === existing.visibility)
        return { id, outcome: "unchanged" };
      this.#store.update({ ...existing, description, visibility });
      return { id, outcome: "changed" };
    });
  }
}
