/**
 * What every engine on Hugging Face's trainer is told of the optimisation, in its own names.
 *
 * Source: transformers, `TrainingArguments`; TRL and ms-swift pass these on unchanged.
 * @module
 */
import { batchesOf, type Plan, warmupSteps } from './plan.ts';

/** Epochs, batches, rate and decay of a plan as `TrainingArguments`. */
export function trainerArguments(plan: Plan) {
  const { numbers } = plan;
  const { perDevice, accumulation } = batchesOf(plan);
  return {
    num_train_epochs: numbers.epochs,
    per_device_train_batch_size: perDevice,
    per_device_eval_batch_size: perDevice,
    gradient_accumulation_steps: accumulation,
    learning_rate: numbers.learningRate,
    lr_scheduler_type: numbers.schedule,
    warmup_steps: warmupSteps(plan),
    weight_decay: numbers.weightDecay,
  };
}
