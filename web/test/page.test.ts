/**
 * The page in Chromium: photographs and tiles from hand to answer, by mouse and by keyboard alone,
 * under axe-core in both themes, and without a word to anyone but its own server.
 *
 * With GEOR_SCREENSHOTS=FOLDER every state is also written there as a picture, at 390 and 1440 pixels.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeJpeg, loadEarth, tilePicture } from '../../src/data/index.ts';
import {
  NO_PAGE,
  openBrowser,
  type PageBrowser,
  type PageServer,
  servePage,
} from '../../test/support/page-browser.ts';
import { plantedEverywhere } from '../../test/support/photo-metadata.ts';
import { type TalkingBackend, talkingBackend } from '../../test/support/talking-backend.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shots = process.env['GEOR_SCREENSHOTS'];

const BERGEN = 'Country: Norway\nState: Vestland\nCity: Bergen\nCoordinates: (60.39, 5.32)';
const OSLO = 'Country: Norway\nState: Oslo\nCity: Oslo\nCoordinates: (59.91, 10.75)';

/** A photograph that says in its metadata, and in its name, that it was taken in Reykjavik. */
const NAME = 'Reykjavik_64.1466_-21.9426.jpg';
const photo = (): Buffer => {
  const jpeg = encodeJpeg(
    tilePicture(loadEarth(), { lat: 47, lon: 8, spanDegrees: 9, sizePx: 320 }),
  );
  return plantedEverywhere(jpeg, 'Reykjavik', jpeg);
};

/** Drops a file on the page, as a hand does. */
const drop = (page: Page, bytes: Buffer): Promise<void> =>
  page.evaluate(
    ({ data, name }) => {
      const file = new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, {
        type: 'image/jpeg',
      });
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(file);
      for (const type of ['dragenter', 'dragover', 'drop'])
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
        );
    },
    { data: bytes.toString('base64'), name: NAME },
  );

/** What Chromium asks its maker for on its own, whatever page it shows; the proxy stops that as well. */
const ERRANDS = /^(https?:\/\/)?([\w-]+\.)*(googleapis|google|gvt1)\.com\b/;

const finished = (page: Page) => page.locator('.answer[data-state=finished]');

async function open(browser: PageBrowser, { url }: PageServer): Promise<Page> {
  const page = await browser.context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(url);
  await page.locator('.has-earth').waitFor();
  return page;
}

/** Runs every rule of axe-core; the page's policy lets no script in but by the driver. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    // Fading in is not a state: wait until nothing moves.
    await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})));
    // biome-ignore lint/suspicious/noExplicitAny: axe comes as a script
    const found = await (globalThis as any).axe.run(document, { resultTypes: ['violations'] });
    return found.violations.map(
      ({ id, nodes }: { id: string; nodes: { target: string[] }[] }) =>
        `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`,
    );
  });
}

describe.skipIf(NO_PAGE !== '')(`the page${NO_PAGE}`, () => {
  let backend: TalkingBackend;
  let server: PageServer;
  let browser: PageBrowser;

  beforeAll(async () => {
    backend = talkingBackend([BERGEN, BERGEN, BERGEN, OSLO]);
    server = await servePage({ backend });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it('locates a photograph that is dropped, and tells no one its name or what it carried', async () => {
    const page = await open(browser, server);
    await page.evaluate(() => {
      const { append } = FormData.prototype;
      const names: string[] = [];
      Object.assign(globalThis, { names });
      FormData.prototype.append = function (...given: unknown[]): void {
        const [, value, name] = given;
        if (value instanceof Blob) names.push(String(name));
        Reflect.apply(append, this, given);
      };
    });
    await drop(page, photo());
    await finished(page).waitFor();
    expect(await page.locator('.answer h2').textContent()).toBe('Bergen, Norway');
    expect(await page.locator('.station .level-name').allTextContents()).toEqual([
      ...['Norway', 'Vestland', 'Bergen', '60.4° N, 5.3° E'],
    ]);
    expect(await page.locator('.station .votes').allTextContents()).toEqual([
      ...['8 of 8', '6 of 8', '6 of 8'],
    ]);
    expect(await page.locator('.note').allTextContents()).toEqual([
      'This photograph carried GPS coordinates. They were not read, and removed.',
    ]);
    expect(await page.evaluate(() => Reflect.get(globalThis, 'names'))).toEqual(['image']);
    expect(Buffer.from(backend.shown.at(-1)!).toString('latin1')).not.toMatch(/Reykjavik|Exif/);
    await page.close();
  });

  it('tells no more than was asked for', async () => {
    const page = await open(browser, server);
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await page.locator('.settings summary').click();
    await page.locator('input[name=precision][value=country]').check();
    await drop(page, photo());
    await finished(page).waitFor();
    expect(await page.locator('.station .level-name').allTextContents()).toEqual(['Norway']);
    expect(await page.content()).not.toContain('Bergen');
    await page.evaluate(() => localStorage.clear());
    await page.close();
  });

  it('cuts a tile where the globe is clicked, and says how far off the answer is', async () => {
    const page = await open(browser, server);
    const bodies: string[] = [];
    page.on('request', (request) => bodies.push(request.postData() ?? ''));
    await page.locator('.stage').click();
    await finished(page).waitFor();
    const [tile] = bodies.filter((body) => body.startsWith('{"tile"'));
    const { lat, lon } = JSON.parse(tile!).tile;
    // the middle of the globe as it is first shown
    expect(Math.abs(lat - 22)).toBeLessThan(0.5);
    expect(Math.abs(lon - 12)).toBeLessThan(0.5);
    expect(await page.locator('.truth').textContent()).toMatch(/km from where the tile was cut/);
    expect(await page.locator('.marker.answer').getAttribute('aria-label')).toMatch(
      /^Answer: Bergen, Norway, 60\.39° N, 5\.32° E$/,
    );
    expect(await page.locator('.marker.sample').count()).toBe(2);
    await page.close();
  });

  it('can be used by keyboard alone', async () => {
    const page = await open(browser, server);
    const press = (...keys: string[]) =>
      keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: element } = document;
        return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
      });
    /** Tabs on until what has the focus matches. */
    const tabTo = async (wanted: RegExp, key = 'Tab'): Promise<void> => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press(key);
        if (wanted.test(await focused())) return;
      }
      throw new Error(`${wanted} cannot be reached`);
    };
    await tabTo(/^Globe$/);
    await press('ArrowUp', 'ArrowUp', 'ArrowLeft', '+', 'Enter');
    await finished(page).waitFor();
    expect(await page.locator('.picture-words .quiet').first().textContent()).toBe(
      '32.0° N, 7.0° E, 12° high',
    );
    await tabTo(/^Answer: Bergen/);
    await tabTo(/Change$/, 'Shift+Tab');
    await press('Enter', 'Tab');
    await tabTo(/.*/);
    await press('ArrowRight');
    await finished(page).waitFor();
    await tabTo(/^Great Lakes$/);
    await press('Enter');
    await page.getByText('44.0° N, 84.5° W, 12° high').waitFor();
    await finished(page).waitFor();
    await tabTo(/^Cut$/);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.type('-13.5, -72');
    await press('Enter');
    await page.getByText('13.5° S, 72.0° W, 12° high').waitFor();
    await finished(page).waitFor();
    await page.evaluate(() => localStorage.clear());
    await page.close();
  });

  it('keeps its history in the browser, gives it away as a file, and forgets it', async () => {
    const page = await open(browser, server);
    await drop(page, photo());
    await page.locator('.history-entry').waitFor();
    const text = await page.evaluate(() => localStorage.getItem('geor.history') ?? '');
    expect(text).not.toMatch(/Reykjavik|64\.14/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'GeoJSON' }).click(),
    ]);
    const saved = JSON.parse(readFileSync((await download.path())!, 'utf8'));
    expect(saved.features).toHaveLength(1);
    expect(saved.features[0].properties).toMatchObject({ country: 'Norway', city: 'Bergen' });
    await page.reload();
    await page.locator('.history-entry').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('.history').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => localStorage.getItem('geor.history'))).toBeNull();
    await page.close();
  });

  it('says what is wrong with what is no picture, and goes on', async () => {
    const page = await open(browser, server);
    await drop(
      page,
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    );
    await page.locator('.answer[data-state=failed]').waitFor();
    expect(await page.locator('.notice').textContent()).toMatch(/the file is no picture/);
    await drop(page, photo());
    await finished(page).waitFor();
    await page.evaluate(() => localStorage.clear());
    await page.close();
  });

  it('never speaks to anyone but its server', () => {
    expect(browser.requests.length).toBeGreaterThan(20);
    const others = browser.requests.filter(
      (address) => !/^(data|blob):/.test(address) && new URL(address).origin !== server.url,
    );
    expect(others).toEqual([]);
    expect(browser.outside.filter((address) => !ERRANDS.test(address))).toEqual([]);
  });
});

describe.skipIf(NO_PAGE !== '')(`the page under axe-core${NO_PAGE}`, () => {
  const themes = ['light', 'dark'] as const;
  const widths = [390, 1440] as const;
  const cases = themes.flatMap((theme) => widths.map((width) => [theme, width] as const));

  it.each(cases)('has no violation in any state, %s, %i pixels wide', async (theme, width) => {
    const server = await servePage({ backend: talkingBackend([BERGEN, BERGEN, OSLO]) });
    const height = width === 390 ? 844 : 900;
    const browser = await openBrowser({ isDark: theme === 'dark', width, height });
    try {
      const page = await open(browser, server);
      const check = async (state: string): Promise<void> => {
        expect([state, await violations(page)]).toEqual([state, []]);
        if (!shots) return;
        await page.waitForTimeout(1500); // for the eye alone: the globe has come to rest
        await page.screenshot({
          path: join(shots, `${state}-${theme}-${width}.png`),
          fullPage: width === 390,
        });
      };
      await check('empty');
      await page.locator('.settings summary').click();
      await check('settings');
      await page.locator('.settings summary').click();
      await drop(page, photo());
      await finished(page).waitFor();
      await check('photograph');
      await page.locator('.example').first().click();
      await page.locator('.truth').waitFor();
      await page.locator('.samples summary').click();
      await check('tile');
      await drop(page, Buffer.from('no picture'));
      await page.locator('.answer[data-state=failed]').waitFor();
      await check('failed');
    } finally {
      await browser.close();
      await server.close();
    }
  });

  it('finds what is wrong', async () => {
    const server = await servePage({});
    const browser = await openBrowser();
    try {
      const page = await open(browser, server);
      await page.evaluate(() => {
        document.documentElement.removeAttribute('lang');
        document.querySelector<HTMLElement>('.lede')!.style.color = '#ccc';
      });
      const found = (await violations(page)).map((text) => text.split(':')[0]);
      expect(found).toEqual(['color-contrast', 'html-has-lang']);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
