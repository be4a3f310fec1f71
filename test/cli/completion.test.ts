import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { run, testTerminal } from "./terminal.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

function isInstalled(shell: Shell): boolean {
  return spawnSync(shell, ["-c", "exit"]).status === 0;
}

/** A folder with a file and a folder for paths to be completed. */
function workingFolder(): string {
  const { folder } = testTerminal();
  writeFileSync(join(folder, "demo data.yaml"), "");
  mkdirSync(join(folder, "dist"));
  return folder;
}

const CAPTURES: Readonly<Record<Shell, (line: string) => string>> = {
  // What readline does: it splits at white space and at `=`.
  bash: (line) => `
    eval "$SCRIPT"
    COMP_WORDS=(${line.replaceAll("=", " = ").replace(/ $/, " ''")})
    COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
    _opik_local
    printf '%s\\n' "\${COMPREPLY[@]}"`,
  // Completion runs only in the line editor of a terminal; `compadd` is replaced by one that writes what it is given.
  zsh: (line) => `
    print -r -- "$SCRIPT" > script.zsh
    print -r -- '
      PROMPT=ready
      autoload -U compinit; compinit -u -D
      source ./script.zsh
      compadd() { local -a found; builtin compadd -O found "$@"; print -lr -- $found >> found.txt; builtin compadd "$@" }
      finish() { exit }; zle -N finish
      bindkey "^I" complete-word; bindkey "^X" finish' > .zshrc
    zmodload zsh/zpty
    export ZDOTDIR=$PWD
    zpty z zsh -i
    zpty -r z text "*ready*"
    zpty -w -n z ${JSON.stringify(line)}$'\\t\\x18'
    while zpty -r z text; do :; done
    [[ -e found.txt ]] && cat found.txt || true`,
  fish: (line) => `
    echo $SCRIPT | source
    complete --do-complete ${JSON.stringify(line)}`,
};

/** The flag with which a shell reads no files of the user. */
const OWN_SETTINGS: Readonly<Record<Shell, string>> = { bash: "--norc", zsh: "-f", fish: "--no-config" };

/** What a shell offers at the end of a line. */
async function complete(shell: Shell, line: string): Promise<string[]> {
  const script = (await run(["completion", shell])).out;
  const output = execFileSync(shell, [OWN_SETTINGS[shell], "-c", CAPTURES[shell](line)], {
    encoding: "utf8",
    cwd: workingFolder(),
    env: { ...process.env, SCRIPT: script },
    timeout: 100_000,
  });
  // zsh gives each to `compadd` several times, also with its quotes.
  const offered = output.split("\n").map((each) => (each.split("\t")[0] ?? "").replaceAll("\\", ""));
  return [...new Set(offered)].filter((each) => each !== "");
}

describe("opik-local completion", () => {
  test("asks for the shell when it is missing or unknown", async () => {
    for (const words of [[], ["tcsh"], ["toString"]]) {
      const { code, error } = await run(["completion", ...words]);
      expect({ code, error }).toEqual({ code: 2, error: "Which shell? `opik-local completion bash|zsh|fish`.\n" });
    }
  });

  describe.for(SHELLS)("%s", (shell) => {
    const shellTest = test.skipIf(!isInstalled(shell));

    shellTest("completes every command", async () => {
      const offered = await complete(shell, "opik-local ");
      expect(offered).toEqual(expect.arrayContaining(Object.keys(COMMANDS)));
    });

    shellTest.for([
      ["the start of a command", "opik-local lic", ["licenses"]],
      ["flags of the command", "opik-local dev --fix", ["--fixtures"]],
      ["a flag that is on as the one that turns it off", "opik-local run --no", ["--no-follow"]],
      ["words that a setting can be", "opik-local dev --durability ", ["normal", "full"]],
      ["words that a flag can be", "opik-local exec --clock v", ["virtual"]],
      ["a value after an equals sign", "opik-local exec --clock=v", ["virtual"]],
      ["topics of the help", "opik-local help exit", ["exit-codes"]],
      ["recipes", "opik-local recipe vi", ["vitest"]],
      ["presets of faults", "opik-local faults flaky", ["flaky-network"]],
      ["statuses of runs", "opik-local runs --status dead", ["dead_letter"]],
      ["a name of a shell", "opik-local completion z", ["zsh"]],
    ] as const)("completes %s", async ([, line, expected]) => {
      const offered = (await complete(shell, line)).map((each) => each.replace(/^--clock=/, "").replace(/=$/, ""));
      expect(offered.toSorted()).toEqual([...expected].toSorted());
    });

    shellTest.for([
      ["files", "opik-local seed demo", /^demo data\.yaml$/],
      ["files of a flag", "opik-local dev --fixtures demo", /^demo data\.yaml$/],
      ["folders", "opik-local dev --web-app di", /^dist\/?$/],
    ] as const)("completes %s", async ([, line, expected]) => {
      expect(await complete(shell, line)).toEqual([expect.stringMatching(expected)]);
    });

    shellTest("offers nothing for a value that only the user knows", async () => {
      expect(await complete(shell, "opik-local dev --port ")).toEqual([]);
    });

    shellTest("completes the program that exec runs", async () => {
      expect(await complete(shell, "opik-local exec --verbose -- mkfif")).toContain("mkfifo");
    });
  });
});
