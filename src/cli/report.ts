/**
 * `geor report`: one page of training runs, their curves over each other.
 * @module
 */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { writeFileAtomic } from '../core/node/index.ts';
import { AttemptsFile, RunFigures, readManifest } from '../engines/index.ts';
import { type ReportedRun, renderRuns } from './launch/run-report.ts';
import { isTrainingFolder, renderTrainingFolders } from './train/page.ts';

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('report')
    .description('one page of training runs, their curves over each other')
    .argument('<folders...>', 'runs of geor train, or of engines as geor launch ran them')
    .option('-o, --output <file>', 'the page', 'report.html')
    .action((folders: string[], { output }: { output: string }) => {
      const page = folders.every(isTrainingFolder)
        ? renderTrainingFolders(folders)
        : renderRuns(folders.map((folder) => readRun(resolve(folder))));
      writeFileAtomic(output, page);
      process.stderr.write(`${output}\n`);
    });
}

function readRun(folder: string): ReportedRun {
  const manifest = readManifest(folder);
  const { attempts } = new AttemptsFile(folder);
  const figures = new RunFigures(folder, manifest);
  figures.read(attempts);
  return { manifest, attempts, steps: figures.steps, totalSteps: figures.totalSteps };
}
