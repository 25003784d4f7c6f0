/**
 * `launch.sh`: the command of a run for people and schedulers that start it without geor.
 * @module
 */
import type { EngineFiles, TextFile } from './engine-files.ts';
import type { Plan } from './plan.ts';

const PLAIN = /^[\w@%+=:,./-]+$/;

/** A word of a shell's command line that stands for exactly this text. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Placeholders become variables of the script. */
const VARIABLES: Readonly<Record<string, string>> = {
  '{root}': '$root',
  '{attempt}': '$attempt',
  '{nodeRank}': '$NODE_RANK',
  '{headAddress}': '$MASTER_ADDR',
};

function scriptWord(text: string): string {
  const parts = text.split(/(\{root\}|\{attempt\}|\{nodeRank\}|\{headAddress\})/);
  return parts
    .map((part) => (VARIABLES[part] ? `"${VARIABLES[part]}"` : part && shellWord(part)))
    .join('');
}

/** Ray passes on what stands in the job's environment, not what stands in the shell's. */
function submission(plan: Plan, names: readonly string[]): string[] {
  const passed = [...names, 'GEOR_REWARD_URL', 'GEOR_REWARD_TOKEN'];
  const program =
    'import json, os, sys; ' +
    'print(json.dumps({"env_vars": {n: os.environ[n] for n in sys.argv[1:] if n in os.environ}}))';
  return [
    `environment=$(python3 -c ${shellWord(program)} ${passed.join(' ')})`,
    `exec ray job submit --no-wait --address "$RAY_ADDRESS" --submission-id "geor-${plan.run}-a$attempt" \\`,
    '  --runtime-env-json "$environment" -- \\',
  ];
}

/** A line for each option with its value. */
function commandLines(command: readonly string[]): string {
  const startsLine = (word: string): boolean => word.startsWith('--') || /^\+?[\w.]+=/.test(word);
  return command
    .map((word, i) => (i === 0 ? '' : startsLine(word) ? ' \\\n  ' : ' ') + scriptWord(word))
    .join('');
}

/** The script of a run. */
export function launchScript(plan: Plan, { launch, needs }: EngineFiles): TextFile {
  const { nodes, root } = plan.cluster;
  const isOnEachNode = launch.perNode && nodes > 1;
  const lines = [
    '#!/usr/bin/env bash',
    `# ${plan.engine} ${plan.engineVersion}, ${plan.numbers.stage}, run ${plan.run}. Written by geor export.`,
    ...(isOnEachNode
      ? [`# Start it on each of ${nodes} nodes, with NODE_RANK=0.. and MASTER_ADDR of the first.`]
      : []),
    ...Object.entries(needs).map(([name, what]) => `# Needs ${name}: ${what}.`),
    'set -euo pipefail',
    `root=\${GEOR_ROOT:-${shellWord(root)}}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the script
    'attempt=${GEOR_ATTEMPT:-1}',
    ...[...(isOnEachNode ? ['NODE_RANK', 'MASTER_ADDR'] : []), ...Object.keys(needs)].map(
      (name) => `: "\${${name}:?}"`,
    ),
    'mkdir -p "$root/metrics" "$root/checkpoints"',
    `cd "$root/${launch.workingDirectory}"`,
    ...Object.entries(launch.environment).map(
      ([name, value]) => `export ${name}=${scriptWord(value)}`,
    ),
    ...(launch.kind === 'ray-job' ? submission(plan, Object.keys(launch.environment)) : []),
    `${launch.kind === 'ray-job' ? '  ' : 'exec '}${commandLines(launch.command)} "$@"`,
  ];
  return { path: 'launch.sh', content: `${lines.join('\n')}\n`, executable: true };
}
