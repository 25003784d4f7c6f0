/**
 * How accelerate starts TRL's processes: one per GPU, with DeepSpeed.
 * @module
 */
import { layoutOf, type Plan, trainingProcesses } from '../export/plan.ts';

/** The configuration file of `accelerate launch`. */
export function acceleratorFile(plan: Plan): Readonly<Record<string, unknown>> {
  const { cluster } = plan;
  const common = {
    compute_environment: 'LOCAL_MACHINE',
    num_machines: cluster.nodes,
    num_processes: trainingProcesses(cluster),
    machine_rank: 0,
    main_training_function: 'main',
    rdzv_backend: 'static',
    same_network: true,
    ...(cluster.nodes > 1 && { main_process_port: 29500 }),
  };
  const { zeroStage, offload } = layoutOf(plan);
  const device = offload ? 'cpu' : 'none';
  return {
    ...common,
    distributed_type: 'DEEPSPEED',
    mixed_precision: 'bf16',
    deepspeed_config: {
      zero_stage: zeroStage,
      offload_optimizer_device: device,
      offload_param_device: zeroStage === 3 ? device : 'none',
      ...(zeroStage === 3 && { zero3_init_flag: true, zero3_save_16bit_model: true }),
      ...(cluster.nodes > 1 && { deepspeed_multinode_launcher: 'standard' }),
    },
  };
}
