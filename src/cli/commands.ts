import type { CommandEntry } from "./command-entry.ts";
import { WORK_COMMANDS } from "./work-commands.ts";

/** Commands that start and stop servers, and load and save what they have. */
const SERVER_COMMANDS: Readonly<Record<string, CommandEntry>> = {
  dev: {
    description: "Start the server and show what happens",
    examples: [
      ["opik-local dev", "Start; the data is kept in .opik-local/"],
      ["opik-local dev --db :memory: --port 0 --json", "For tests: keep nothing, any free port, JSON lines"],
      ["opik-local dev --ready-file ready.json", "Write a file when ready, for scripts that wait"],
    ],
    load: async () => (await import("./commands/dev.ts")).devCommand,
  },
  exec: {
    description: "Run a command with a server of its own",
    examples: [
      ["opik-local exec -- npm test", "Tests in any language; OPIK_URL_OVERRIDE and the like are set"],
      ["opik-local exec --fixtures example:demo --clock virtual -- pytest", "With data, and time that tests advance"],
      ["opik-local exec --fail-on errors,leftovers -- npm test", "Fail also for failed or unfinished jobs"],
    ],
    takesProgram: true,
    load: async () => (await import("./commands/exec.ts")).execCommand,
  },
  stop: {
    description: "Stop a running server",
    examples: [
      ["opik-local stop", "The one of this folder"],
      ["opik-local stop --ready-file ready.json", "By its ready file; --port and --db are other ways"],
    ],
    load: async () => (await import("./commands/stop.ts")).stopCommand,
  },
  config: {
    description: "Show every setting and where its value came from",
    examples: [
      ["opik-local config", "What dev would use in this folder"],
      ["opik-local config --json", "The same, for machines"],
    ],
    load: async () => (await import("./commands/config.ts")).configCommand,
  },
  doctor: {
    description: "Find out why something does not work here",
    examples: [
      ["opik-local doctor", "Node, SQLite, port, database, SDKs; each with what to do"],
      ["opik-local doctor --json", "The same, for machines; exit code 1 when there is a problem"],
    ],
    load: async () => (await import("./commands/doctor.ts")).doctorCommand,
  },
  status: {
    description: "Show what a running server has",
    examples: [
      ["opik-local status", "Of the server of this folder, else of the one on the usual port"],
      ["opik-local status --url http://127.0.0.1:5174", "Of another one"],
    ],
    load: async () => (await import("./commands/status.ts")).statusCommand,
  },
  seed: {
    description: "Load fixtures into a running server",
    examples: [
      ["opik-local seed example:demo", "Projects, runners and jobs to try things on"],
      ["opik-local seed base.yaml cases/", "Several files and folders: all of them or, with a mistake, none"],
    ],
    load: async () => (await import("./commands/seed.ts")).seedCommand,
  },
  export: {
    description: "Write a running server's state as a fixture",
    examples: [
      ["opik-local export --project demo -o demo.yaml", "One project; seed loads it back"],
      ["opik-local export --json", "Everything, as JSON"],
    ],
    load: async () => (await import("./commands/export.ts")).exportCommand,
  },
  record: {
    description: "Pass requests on to a server, and write a fixture of what went through",
    examples: [
      ["opik-local record --upstream https://www.comet.com/opik --out run.yaml", "Until Ctrl-C; secrets are redacted"],
      ["opik-local record --upstream http://127.0.0.1:8080 --out run.yaml --port 0", "On any free port"],
    ],
    load: async () => (await import("./commands/record.ts")).recordCommand,
  },
  replay: {
    description: "Answer requests as a recording says",
    examples: [
      ["opik-local replay run.yaml", "Ids and times may differ; others are reported with the closest request"],
      ["opik-local replay run.yaml --fail-on unmatched", "Exit code 1 when a request was not recorded"],
    ],
    load: async () => (await import("./commands/replay.ts")).replayCommand,
  },
  reset: {
    description: "Delete everything in a workspace",
    examples: [["opik-local reset", "And load the fixtures of the start again"]],
    load: async () => (await import("./commands/reset.ts")).resetVerb,
  },
  help: {
    description: "Explain a topic: settings, fixtures, testing, time ...",
    examples: [
      ["opik-local help", "List the topics"],
      ["opik-local help fixtures", "Explain one"],
    ],
    load: async () => (await import("./commands/help.ts")).helpCommand,
  },
  recipe: {
    description: "Write a project that tests with opik-local in CI",
    examples: [
      ["opik-local recipe", "List them: vitest, jest, pytest, GitHub Actions ..."],
      ["opik-local recipe vitest", "Write one into a new folder with its name"],
    ],
    load: async () => (await import("./commands/recipe.ts")).recipeCommand,
  },
  completion: {
    description: "Write a script with which a shell completes commands and flags",
    examples: [
      ["opik-local completion bash >> ~/.bashrc", 'Or, to keep it up to date: eval "$(opik-local completion bash)"'],
      ["opik-local completion zsh >> ~/.zshrc", "After compinit"],
      ["opik-local completion fish > ~/.config/fish/completions/opik-local.fish", "fish reads it when it is needed"],
    ],
    load: async () => (await import("./commands/completion.ts")).completionCommand,
  },
  licenses: {
    description: "Show the licences of the libraries inside",
    examples: [["opik-local licenses", "All of them, one after another"]],
    load: async () => (await import("./commands/licenses.ts")).licensesCommand,
  },
  clock: {
    description: "Show the time of a server, or move its virtual clock",
    examples: [["opik-local clock advance 16s", "Everything that falls due has run when it ends"]],
    load: async () => (await import("./commands/clock.ts")).clockVerb,
  },
};

/** All commands in groups, in the order of the help. */
export const COMMAND_GROUPS: ReadonlyArray<[title: string, commands: Readonly<Record<string, CommandEntry>>]> = [
  ["Servers and their data", SERVER_COMMANDS],
  ["Work with a running server", WORK_COMMANDS],
];

/** All commands. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = { ...SERVER_COMMANDS, ...WORK_COMMANDS };
