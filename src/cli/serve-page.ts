/**
 * What `geor serve` adds to the rewards: locating, and the page.
 * @module
 */
import type { Command } from 'commander';
import type { Backend } from '../locate/index.ts';
import {
  hasShippedModel,
  isAddress,
  isOnnxFolder,
  openBackend,
  SHIPPED_MODEL,
} from '../locate/node/index.ts';
import { type AppPart, cardOf, locatePart, type ModelCards } from '../serve/index.ts';
import { locateService, pagePart } from '../serve/node/index.ts';
import {
  addConnectionFlags,
  type ConnectionFlags,
  calibrationBeside,
  checkRemote,
} from './backend-connection.ts';
import { chooseProvider } from './provider.ts';

/** The flags, read. */
export interface PageFlags extends ConnectionFlags {
  readonly page: boolean;
}

/** Adds the flags. */
export function addPageFlags(command: Command): Command {
  return addConnectionFlags(command).option('--no-page', 'no page at /');
}

/** The parts, and what to tell about them. */
export interface PageParts {
  readonly parts: readonly AppPart[];
  readonly notices: readonly string[];
  /** Who locates; absent where nobody does. */
  readonly backend?: Backend;
}

/**
 * Opens what locates and the page.
 *
 * @throws GeorError `usage` for another machine that was not allowed; as `openBackend`
 */
export async function openPageParts(
  flags: PageFlags,
  environment: NodeJS.ProcessEnv,
  onFault: (error: unknown) => void,
): Promise<PageParts> {
  if (!flags.page && flags.backend === undefined) return { parts: [], notices: [] };
  const where = locatorOf(flags);
  const backend = where === undefined ? undefined : await openNamed(where, flags, environment);
  // a visitor's browser runs geor's own engine only
  const isOwn = where !== undefined && !isAddress(where) && !isOnnxFolder(where);
  const folder = isOwn ? where : shippedFolder();
  const small = folder === where ? backend : undefined;
  const browser: ModelCards['browser'] = folder
    ? {
        ...(small
          ? cardOf(small)
          : { name: 'the small model', reads: 'satellite-tiles', isRemote: false }),
        files: 'assets/model/',
      }
    : undefined;
  const parts = [
    locatePart({
      service: backend && locateService(backend, calibrationBeside(where!)),
      ...(browser && { browser }),
      onFault,
    }),
    ...(flags.page ? [pagePart({ modelFolder: folder })] : []),
  ];
  return { parts, notices: noticesOf(backend), ...(backend && { backend }) };
}

/** Who locates: an address or a folder; `undefined` where nobody does. */
function locatorOf({ backend, page }: PageFlags): string | undefined {
  return backend ?? (page ? shippedFolder() : undefined);
}

/**
 * Makes the provider of the flags that of this process, before anything listens.
 *
 * @returns what to tell; `undefined` for the CPU
 * @throws GeorError as `chooseProvider`
 */
export function choosePageProvider(flags: PageFlags): Promise<string | undefined> {
  const where = locatorOf(flags);
  return chooseProvider(flags.provider, where !== undefined && !isAddress(where));
}

const shippedFolder = (): string | undefined => (hasShippedModel() ? SHIPPED_MODEL : undefined);

function openNamed(
  where: string,
  flags: PageFlags,
  environment: NodeJS.ProcessEnv,
): Promise<Backend> {
  checkRemote(where, flags);
  const { model, keyEnv } = flags;
  const key = environment[keyEnv];
  return openBackend(where, {
    ...(model !== undefined && { model }),
    ...(key && { key }),
  });
}

const noticesOf = (backend: Backend | undefined): string[] => {
  if (!backend) return ['nothing locates pictures here; give --backend'];
  if (backend.isRemote) return [`pictures go to ${backend.host}, another machine`];
  if (backend.reads === 'satellite-tiles')
    return [`${backend.name} reads satellite tiles; for photographs give --backend and an address`];
  return [];
};
