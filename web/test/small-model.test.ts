/**
 * The small model in the browser against the same model in Node: the same tiles, the same words.
 *
 * Runs with the model of the package, or that of GEOR_EARTH_MODEL.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultGazetteer, loadEarth } from '../../src/data/index.ts';
import { type Backend, type LocateResult, locatePhoto } from '../../src/locate/index.ts';
import {
  guardedTile,
  hasShippedModel,
  modelFolderBackend,
  SHIPPED_MODEL,
} from '../../src/locate/node/index.ts';
import { cardOf } from '../../src/serve/index.ts';
import {
  NO_PAGE,
  openBrowser,
  type PageBrowser,
  type PageServer,
  servePage,
} from '../../test/support/page-browser.ts';

const folder = process.env['GEOR_EARTH_MODEL'] ?? (hasShippedModel() ? SHIPPED_MODEL : undefined);
const reason = NO_PAGE || (folder ? '' : ' (skipped: no model; set GEOR_EARTH_MODEL)');

/** Deserts, coasts, islands, ice, both hemispheres, the antimeridian, a high latitude. */
const PLACES = [
  ...[
    { lat: 28.1, lon: 30.2 },
    { lat: 44, lon: -84.5 },
    { lat: -46, lon: -71.5 },
  ],
  ...[
    { lat: 35, lon: 138.5 },
    { lat: -17.5, lon: 178.2 },
    { lat: 70.2, lon: 28.4 },
  ],
  ...[
    { lat: -19, lon: 46.5 },
    { lat: 61.3, lon: -149.6 },
  ],
];

describe.skipIf(reason !== '')(`the small model in the browser${reason}`, () => {
  let backend: Backend;
  let server: PageServer;
  let browser: PageBrowser;

  beforeAll(async () => {
    backend = await modelFolderBackend(folder!);
    const files = 'assets/model/';
    // nothing locates on the server: what is answered is answered in the page
    server = await servePage({ modelFolder: folder!, browser: { ...cardOf(backend), files } });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await backend?.close();
  });

  it('gives for every tile the greedy answer of the model in Node, and sends nothing', async () => {
    const page = await browser.context.newPage();
    const results: LocateResult[] = [];
    await page.exposeFunction('keepResult', (result: LocateResult) => results.push(result));
    await page.addInitScript(() => {
      const { Worker } = globalThis;
      globalThis.Worker = class extends Worker {
        constructor(...given: ConstructorParameters<typeof Worker>) {
          super(...given);
          this.addEventListener('message', ({ data }) => {
            if (data.event?.event === 'answer')
              Reflect.get(globalThis, 'keepResult')(data.event.result);
          });
        }
      };
      localStorage.setItem('geor.settings', JSON.stringify({ where: 'browser', samples: 1 }));
    });
    await page.goto(server.url);
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET') posts.push(request.url());
    });
    for (const [i, { lat, lon }] of PLACES.entries()) {
      await page.locator('#point').fill(`${lat}, ${lon}`);
      await page.locator('#point').press('Enter');
      await expect.poll(() => results.length, { timeout: 100_000 }).toBe(i + 1);
      const inNode = await locatePhoto(
        guardedTile(loadEarth(), { lat, lon }, backend.tile!),
        backend,
        {
          samples: 1,
          gazetteer: defaultGazetteer(),
        },
      );
      const here = results[i]!;
      // equal pixels have equal names
      expect(here.contentId).toBe(inNode.contentId);
      expect(here.samples.map(({ text }) => text)).toEqual(inNode.samples.map(({ text }) => text));
      expect(here.point).toEqual(inNode.point);
      expect(here.levels).toEqual(inNode.levels);
      expect(here.samples[0]!.logProbability).toBeCloseTo(inNode.samples[0]!.logProbability!, 2);
    }
    expect(new Set(results.map(({ samples }) => samples[0]!.text)).size).toBeGreaterThan(4);
    expect(posts).toEqual([]);
    await page.close();
  });

  it('says of a photograph that it cannot read it, and what can', async () => {
    const page = await browser.context.newPage();
    await page.goto(server.url);
    await page.setInputFiles('#photo', {
      name: 'x.png',
      mimeType: 'image/png',
      buffer: Buffer.from('iVBORw0KGgo=', 'base64'),
    });
    await page.locator('.answer[data-state=failed]').waitFor();
    expect(await page.locator('.notice').textContent()).toMatch(/never seen a photograph/);
    expect(await page.locator('.notice pre').textContent()).toContain('geor serve --backend');
    await page.close();
  });
});
