/**
 * `POST /v1/locate`: where was this picture taken? `GET /v1/model`: who says so?
 *
 * The answer is one JSON document, or, to `Accept: application/jsonl`, a line for everything that
 * happens until then. Pictures go through the guard before anything else sees them, are never
 * stored, and their file names are not even read. Bytes, pixels, time and what is under way at once
 * have limits.
 * @module
 */
import { type Context, Hono } from 'hono';
import type { Gazetteer } from '../../geo/index.ts';
import {
  type Backend,
  type Calibration,
  calibrationFor,
  type GuardedPicture,
  type LocateResult,
  locatePhoto,
} from '../../locate/index.ts';
import { ApiError, toApiError } from '../api-error.ts';
import type { AppPart } from '../app-part.ts';
import { Gate } from '../gate.ts';
import type { LocateEvent, ModelCard, ModelCards } from './events.ts';
import { growingTexts } from './growing-texts.ts';
import { locatePaths, locateSchemas } from './locate-openapi.ts';
import { type LocateRequest, readLocateRequest } from './locate-request.ts';

/** Pictures under way at once. */
const CAPACITY = 4;

/** A picture is given up after this long. */
const TIME_LIMIT_MS = 120_000;

/** What answers, and how pictures become pixels. */
export interface LocateService {
  readonly backend: Backend;
  readonly gazetteer: Gazetteer;
  /** For the radii of what is asked the way it was made for. */
  readonly calibration?: Calibration | undefined;
  /** The guard. @throws GeorError `image` */
  readonly guardPhoto: (bytes: Uint8Array) => Promise<GuardedPicture>;
  /** A tile of the embedded Earth. */
  readonly cutTile: (at: { readonly lat: number; readonly lon: number }) => GuardedPicture;
  /** Milliseconds for one picture; 120,000 by default. */
  readonly timeLimitMs?: number;
  /** Pictures under way at once; 4 by default. */
  readonly capacity?: number;
}

/** Which models a service has. */
export interface LocateOptions {
  /** Absent where the service locates nothing itself. */
  readonly service?: LocateService | undefined;
  /** The model whose files the page loads. */
  readonly browser?: ModelCards['browser'];
  /** Told of faults of the service itself. */
  readonly onFault?: (error: unknown) => void;
}

/** What a model says of itself. */
export const cardOf = ({ name, reads, host, isRemote, tile }: Backend): ModelCard => ({
  ...{ name, reads, isRemote },
  ...(host !== undefined && { host }),
  ...(tile && { tile }),
});

/** The routes. */
export function locatePart({ service, browser, onFault = () => {} }: LocateOptions): AppPart {
  const routes = new Hono();
  const cards: ModelCards = {
    ...(service && { server: cardOf(service.backend) }),
    ...(browser && { browser }),
  };
  routes.get('/v1/model', (context) => context.json(cards));
  const gate = new Gate(service?.capacity ?? CAPACITY, 'pictures', 2);
  routes.post('/v1/locate', async (context) => {
    refuseOtherPages(context);
    if (!service)
      throw new ApiError(
        503,
        'no-model',
        'this service has no model that locates pictures',
        'start it with geor serve --backend URL or a model folder',
      );
    const leave = gate.enter(1);
    let isStreaming = false;
    try {
      const request = await readLocateRequest(context);
      const run = await Run.begin(service, request, context.req.raw.signal);
      if (!wantsLines(context)) return context.json(await run.result());
      isStreaming = true;
      return new Response(run.lines(leave, onFault), {
        headers: { 'content-type': 'application/jsonl', 'cache-control': 'no-store' },
      });
    } finally {
      if (!isStreaming) leave();
    }
  });
  return { routes, paths: locatePaths, schemas: locateSchemas };
}

const wantsLines = (context: Context): boolean =>
  /\bapplication\/(jsonl|x-ndjson)\b/.test(context.req.header('accept') ?? '');

/** A page of another origin may send forms without asking; browsers say so. */
function refuseOtherPages(context: Context): void {
  const site = context.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new ApiError(403, 'other-page', 'sent by a page of another site', 'use the own page');
}

/** One picture on its way. */
class Run {
  readonly #service: LocateService;
  readonly #request: LocateRequest;
  readonly #picture: GuardedPicture;
  readonly #gaveUp = new AbortController();
  readonly #signal: AbortSignal;

  private constructor(
    service: LocateService,
    request: LocateRequest,
    picture: GuardedPicture,
    signal: AbortSignal,
  ) {
    this.#service = service;
    this.#request = request;
    this.#picture = picture;
    this.#signal = AbortSignal.any([signal, this.#gaveUp.signal]);
  }

  /**
   * Makes pixels of what was sent.
   *
   * @throws ApiError 422 where the model cannot read such pictures; GeorError as the guard
   */
  static async begin(service: LocateService, request: LocateRequest, client: AbortSignal) {
    const time = AbortSignal.timeout(service.timeLimitMs ?? TIME_LIMIT_MS);
    const { backend, guardPhoto, cutTile } = service;
    const { source } = request;
    if ('image' in source && backend.reads === 'satellite-tiles')
      throw new ApiError(
        422,
        'unread-kind',
        `${backend.name} reads tiles of the Earth from above; it has never seen a photograph, and would make its answer up`,
        'start geor serve with --backend and the address of a vision model; or send { "tile": { "lat": 27.1, "lon": 31.2 } }',
      );
    const picture = 'tile' in source ? cutTile(source.tile) : await guardPhoto(source.image);
    return new Run(service, request, picture, AbortSignal.any([client, time]));
  }

  async result(onEvent: (event: LocateEvent) => void = () => {}): Promise<LocateResult> {
    const { samples, precision, seed } = this.#request;
    const { backend, gazetteer } = this.#service;
    const calibration = calibrationFor(this.#service.calibration, backend, { samples });
    const onText = growingTexts((sample, append) => onEvent({ event: 'text', sample, append }));
    try {
      return await locatePhoto(this.#picture, backend, {
        ...{ samples, precision, seed, gazetteer, calibration, onText },
        signal: this.#signal,
      });
    } catch (cause) {
      if (!this.#signal.aborted) throw cause;
      throw new ApiError(504, 'too-slow', 'it took too long', 'try again with fewer samples', 5);
    }
  }

  /** Everything that happens, a line each. */
  lines(onEnd: () => void, onFault: (error: unknown) => void): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    const { carried } = this.#picture;
    let isOpen = true;
    return new ReadableStream({
      start: (stream) => {
        const write = (event: LocateEvent): void => {
          if (isOpen) stream.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
        };
        write({ event: 'accepted', ...(carried && { carried }) });
        this.result(write)
          .then((result) => write({ event: 'answer', result }))
          .catch((error: unknown) => {
            const { status, code, message, hint } = toApiError(error);
            if (status === 500) onFault(error);
            write({ event: 'error', error: { code, message, hint } });
          })
          .finally(() => {
            onEnd();
            if (isOpen) stream.close();
            isOpen = false;
          });
      },
      cancel: () => {
        isOpen = false;
        this.#gaveUp.abort();
      },
    });
  }
}
