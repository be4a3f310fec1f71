import type { CommandEntry } from "./command-entry.ts";

/** Commands that do with a running server what clients and users do, in the order of the help. */
export const WORK_COMMANDS: Readonly<Record<string, CommandEntry>> = {
  run: {
    description: "Submit a job, follow its logs and print its result",
    examples: [
      ["opik-local run echo text=hello n=3", "The result on the output, the logs on the error output"],
      [`opik-local run echo --json '{"text":"hello"}' --no-follow`, "The inputs as JSON; print the id at once"],
    ],
    jsonFlag: "inputs",
    load: async () => (await import("./commands/run.ts")).runVerb,
  },
  jobs: {
    description: "List the newest jobs",
    examples: [["opik-local jobs --status failed", "What went wrong"]],
    load: async () => (await import("./commands/jobs.ts")).jobsVerb,
  },
  job: {
    description: "Show a job",
    examples: [["opik-local job last", "The newest one, with its logs"]],
    load: async () => (await import("./commands/job.ts")).jobVerb,
  },
  logs: {
    description: "Print the logs of a job",
    examples: [["opik-local logs -f last", "Of the newest one, until it has ended"]],
    load: async () => (await import("./commands/logs.ts")).logsVerb,
  },
  cancel: {
    description: "Cancel a job",
    examples: [["opik-local cancel 0000…8fb5", "With an id as the console shows it"]],
    load: async () => (await import("./commands/cancel.ts")).cancelVerb,
  },
  why: {
    description: "Explain what a job or run waits for, or why it failed",
    examples: [["opik-local why last", "Why the newest job has not gone on"]],
    load: async () => (await import("./commands/why.ts")).whyVerb,
  },
  requests: {
    description: "List the last requests that clients have sent",
    examples: [
      ["opik-local requests --status 4xx", "What was refused, and why"],
      ["opik-local requests --unmatched", "What has no route, with the nearest one"],
    ],
    load: async () => (await import("./commands/requests.ts")).requestsVerb,
  },
  events: {
    description: "Follow every change of state",
    examples: [["opik-local events 'job:*' --json", "What happens to jobs, a JSON object on each line"]],
    load: async () => (await import("./commands/events.ts")).eventsVerb,
  },
  faults: {
    description: "List, add and remove faults that are injected into requests",
    examples: [
      ["opik-local faults flaky-network", "A preset"],
      ["opik-local faults --clear", "None any more"],
    ],
    load: async () => (await import("./commands/faults.ts")).faultsVerb,
  },
  traces: {
    description: "List the newest traces",
    examples: [["opik-local traces --project demo", "Of one project"]],
    load: async () => (await import("./commands/traces.ts")).tracesVerb,
  },
  trace: {
    description: "Show a trace and its spans as a tree",
    examples: [["opik-local trace last", "The newest one"]],
    load: async () => (await import("./commands/trace.ts")).traceVerb,
  },
  pair: {
    description: "Pair a runner by the link that `opik connect` prints, or every runner that asks",
    examples: [
      ["opik-local pair 'http://127.0.0.1:5173/opik/pair/v1?...#...'", "Without a browser"],
      ["opik-local pair --watch", "Every runner, as soon as it asks; as `dev --auto-pair` does"],
    ],
    load: async () => (await import("./commands/pair.ts")).pairVerb,
  },
  endpoint: {
    description: "Run a command as the agents of a runner",
    examples: [
      [
        "opik-local endpoint -- npx tsx agent.ts",
        "Its entry points take the jobs; a runner is paired if there is none",
      ],
      ["opik-local endpoint --runner laptop -- python agent.py", "As the runner of that name"],
    ],
    takesProgram: true,
    load: async () => (await import("./commands/endpoint.ts")).endpointVerb,
  },
  bridge: {
    description: "Execute a command on the machine of a runner",
    examples: [
      ["opik-local bridge laptop exec -- ls -l", "Signed with the key of the pairing, which the server keeps"],
      ["opik-local bridge laptop read agent.py", "Also: write, edit, list, search"],
    ],
    load: async () => (await import("./commands/bridge.ts")).bridgeVerb,
  },
  mcp: {
    description: "Serve the Model Context Protocol for coding agents",
    examples: [["opik-local mcp", "Started by a coding agent: opik-local help mcp says how"]],
    load: async () => (await import("./commands/mcp.ts")).mcpCommand,
  },
  trigger: {
    description: "Trigger a run of an executor job",
    examples: [["opik-local trigger deploy version=1.4.2", "By the slug of the job"]],
    jsonFlag: "payload",
    load: async () => (await import("./commands/trigger.ts")).triggerVerb,
  },
  runs: {
    description: "List the newest executor runs, show one, or do something to it",
    examples: [
      ["opik-local runs --status waiting", "Those that wait for something"],
      ["opik-local runs last", "The newest one, with its history"],
      ["opik-local runs last replay", "Run it again after a failure; others: start, pause, resume, cancel"],
    ],
    load: async () => (await import("./commands/runs.ts")).runsVerb,
  },
  event: {
    description: "Send an event to the executor run that waits for it",
    examples: [["opik-local event approve-1.4.2 approved_by=ada", "The fields become its payload"]],
    jsonFlag: "payload",
    load: async () => (await import("./commands/event.ts")).eventVerb,
  },
};
