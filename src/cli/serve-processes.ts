/**
 * The processes of `geor serve`: one that does everything, or one that counts and several that answer.
 * @module
 */
import cluster from 'node:cluster';
import {
  type AppOptions,
  type AppPart,
  bodiesGate,
  createApp,
  Metrics,
  type RewardService,
} from '../serve/index.ts';
import {
  checkAddress,
  directRewards,
  drain,
  isLoopback,
  type Listening,
  LOOPBACK_HOSTS,
  linkToPrimary,
  listen,
  openLedger,
  PORT_VARIABLE,
  WorkerPool,
} from '../serve/node/index.ts';
import { version } from './version.ts';

/** How a service is to run. */
export interface ServiceOptions {
  readonly host: string;
  readonly port: number;
  readonly workers: number;
  readonly token?: string;
  /** Where `rewards.jsonl` is written. */
  readonly log?: string;
  /** How long answers under way may take once the service is told to stop. */
  readonly graceSeconds: number;
  /** Makes the reward; called in each process that answers. */
  readonly openRewards: () => RewardService;
  /** Opens further routes; called in each process that answers, and told if it is the first. */
  readonly openParts: (isFirst: boolean) => Promise<readonly AppPart[]>;
  /** Called once, with the address, when the service answers. */
  readonly onReady: (url: string) => void;
}

/** Tells stderr of a fault that ends nothing. */
export const complain = (error: unknown): void => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
};

/** Tells stderr what whoever runs the service should know. */
const tell = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Runs the service until it is told to stop; the exit code. */
export async function runService(options: ServiceOptions): Promise<number> {
  if (cluster.isWorker) return await runWorker(options);
  return options.workers > 1 ? await runPrimary(options) : await runAlone(options);
}

async function runAlone(options: ServiceOptions): Promise<number> {
  const ledger = openLedger(options.log, complain, tell);
  const stop = stopSignal();
  const { server, url } = await answerAt(options, {
    metrics: ledger.metrics,
    renderMetrics: () =>
      ledger.metrics.render({ geor_workers: 1, geor_resident_bytes: process.memoryUsage.rss() }),
    record: ledger.record,
    isStopping: () => stop.name !== undefined,
  });
  options.onReady(url);
  const signal = await stop.given;
  const isWhole = await drain(server, AbortSignal.timeout(1000 * options.graceSeconds));
  ledger.close();
  return exitCodeOf(signal, isWhole);
}

async function runPrimary(options: ServiceOptions): Promise<number> {
  const port = await checkAddress(options);
  const ledger = openLedger(options.log, complain, tell);
  const stop = stopSignal();
  const pool: WorkerPool = new WorkerPool({
    count: options.workers,
    port,
    onBatch: ledger.record,
    onCounts: (counts) => ledger.metrics.absorb(counts),
    render: () => ledger.metrics.render(pool.gauges()),
    onDeath: (pid, reason) => tell(`process ${pid} died (${reason}), another takes its place`),
  });
  try {
    options.onReady(await pool.start());
    await Promise.race([stop.given, pool.ended()]);
    pool.stop();
    await pool.ended();
  } finally {
    ledger.close();
  }
  return exitCodeOf(await stop.given, true);
}

async function runWorker(options: ServiceOptions): Promise<number> {
  const metrics = new Metrics();
  const stop = stopSignal();
  const primary = linkToPrimary(metrics, stop.give);
  try {
    const port = Number(process.env[PORT_VARIABLE] ?? options.port);
    const { server } = await answerAt(
      { ...options, port },
      {
        metrics,
        renderMetrics: primary.render,
        record: primary.record,
        isStopping: () => stop.name !== undefined,
      },
    );
    await stop.given;
    await drain(server, AbortSignal.timeout(1000 * options.graceSeconds));
  } finally {
    primary.close();
  }
  return 0;
}

type Counting = Required<Pick<AppOptions, 'metrics' | 'renderMetrics' | 'isStopping'>> &
  Required<Pick<RewardService, 'record'>>;

/** Listens, with an app and the direct way beside it. */
async function answerAt(
  { token, host, port, openRewards, openParts }: ServiceOptions,
  { record, ...counting }: Counting,
): Promise<Listening> {
  const options = {
    version,
    rewards: { ...openRewards(), record },
    parts: await openParts((cluster.worker?.id ?? 1) === 1),
    bodies: bodiesGate(),
    ...(token !== undefined && { token }),
    ...(isLoopback(host) && { hosts: LOOPBACK_HOSTS }),
    ...counting,
    onFault: complain,
  };
  return await listen(createApp(options), { host, port, direct: directRewards(options) });
}

/** The first SIGTERM or SIGINT, or a call of `give`. A second signal ends the process at once. */
function stopSignal() {
  let resolve: (name: NodeJS.Signals) => void = () => {};
  const stop = {
    name: undefined as NodeJS.Signals | undefined,
    given: new Promise<NodeJS.Signals>((resolver) => {
      resolve = resolver;
    }),
    give: () => onSignal('SIGTERM'),
  };
  const onSignal = (name: NodeJS.Signals): void => {
    stop.name ??= name;
    resolve(name);
  };
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, onSignal);
  return stop;
}

/** 0 after SIGTERM, 130 after Ctrl-C, 1 where answers were cut off. */
function exitCodeOf(signal: NodeJS.Signals, isWhole: boolean): number {
  if (!isWhole) return 1;
  return signal === 'SIGINT' ? 130 : 0;
}
