/**
 * What both trainers of verl 0.9.0 are told of the machines, the run's name and its folder.
 * @module
 */
import { PATHS } from '../export/engine-files.ts';
import type { Plan } from '../export/plan.ts';
import type { Overrides } from './overrides.ts';

/** The part of a plan that does not depend on its stage. */
export const runOverrides = ({ cluster, run }: Plan): Overrides => ({
  'trainer.nnodes': cluster.nodes,
  'trainer.n_gpus_per_node': cluster.gpusPerNode,
  'trainer.logger': ['console', 'file'],
  'trainer.project_name': 'geor',
  'trainer.experiment_name': run,
  'trainer.default_local_dir': `${cluster.root}/${PATHS.checkpoints}`,
});
