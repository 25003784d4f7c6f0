/**
 * The picture of the page for the README: a tile of the Earth, located by the shipped model inside
 * the browser.
 *
 *     npm run build && node scripts/make-page-picture.mjs [PLACE] [FILE]
 *
 * Needs Chromium (GEOR_CHROMIUM) and sharp. Seeds are fixed: the picture changes only when the page or
 * the model does.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const [place = '-17.5, 141.5', out = at('docs/images/locate.png')] = process.argv.slice(2);

const server = spawn(process.execPath, [at('dist/cli/main.js'), 'serve', '--port', '0', '--json'], {
  stdio: ['ignore', 'pipe', 'ignore'],
});
const [line] = await new Promise((resolve) => {
  createInterface({ input: server.stdout }).once('line', (...lines) => resolve(lines));
});
const browser = await chromium.launch({
  executablePath: process.env.GEOR_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    ...['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic'],
    // nothing but loopback can be reached
    '--proxy-server=http://127.0.0.1:9',
  ],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 820 } });
  await page.addInitScript(() => {
    localStorage.setItem('geor.settings', JSON.stringify({ where: 'browser', samples: 16 }));
  });
  await page.goto(JSON.parse(line).url);
  await page.locator('.has-earth').waitFor();
  await page.locator('#point').fill(place);
  await page.locator('#point').press('Enter');
  await page.locator('.answer[data-state=finished]').waitFor({ timeout: 200_000 });
  await page.evaluate(() => document.activeElement.blur());
  await page.waitForTimeout(3000); // the globe comes to rest
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
  await sharp(await page.screenshot())
    .png({ palette: true, colours: 192, effort: 10, dither: 0.5 })
    .toFile(out);
} finally {
  await browser.close();
  server.kill();
}
