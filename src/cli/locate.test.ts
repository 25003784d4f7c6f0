import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bergen, LocateRun, photo, sharp } from '../../test/support/locate-run.ts';
import { plantedEverywhere } from '../../test/support/photo-metadata.ts';
import { locateRowSchema } from '../locate/index.ts';

const run = new LocateRun();
const { locate, path, serve } = run;

describe.skipIf(!sharp)('geor locate', () => {
  it('prints chain, point, radii and a map link, and says that GPS was not used', async () => {
    const file = path('harbour.jpg');
    writeFileSync(file, plantedEverywhere(photo(1), 'Atlantis', photo(2)));
    let calls = 0;
    const backend = await serve({
      reply: () => {
        const east = (calls++ * 7) % 8;
        return { texts: [east === 7 ? 'no idea' : bergen.replace('5.3259', `5.3${east}59`)] };
      },
    });
    await locate(file, '--backend', backend, '-k', '8');
    expect(run.stdout.replace(/\d+\.\d+ km/g, 'X km')).toBe(
      [
        'Country  Norway    7/8',
        'Region   Vestland  7/8',
        'City     Bergen    7/8',
        'Point    60.3943, 5.3359   half of the samples within X km, 90 % within X km (not calibrated)',
        'Map      https://www.openstreetmap.org/?mlat=60.3943&mlon=5.3359#map=11/60.3943/5.3359',
        '',
      ].join('\n'),
    );
    const { host } = new URL(backend);
    expect(run.stderr).toContain(
      `! ${file} carries GPS metadata and text about itself; not read, removed before sending to ${host}\n`,
    );
    expect(process.exitCode).toBe(run.exitCode);
  });

  it('marks where the chain and the point are two places', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    const lyon =
      'Country: France\nState: Auvergne-Rhône-Alpes\nCity: Lyon\nCoordinates: (46.2044, 6.1432)';
    const backend = await serve({ reply: () => ({ texts: [lyon] }) });
    await locate(path('p.jpg'), '--backend', backend, '-k', '1');
    expect(run.stdout).toContain('says France, but the point lies in Switzerland\n');
    expect(run.stdout).toMatch(
      /says Lyon, but the point lies 11\d km from it, near Gen[eè]v[ae]\n/,
    );
  });

  it('prints the clues of the samples that support the result', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    const stage = (clue: string, conclusion: string) => ({
      ...{ Clues: [clue], Reasoning: 'r', Conclusion: conclusion, Uncertainty: '' },
    });
    const answer = (clue: string, country: string) =>
      `<think>${JSON.stringify({
        CountryIdentification: stage(clue, country),
        RegionalGuess: stage('wooden wharf houses', 'Vestland'),
        PreciseLocalization: stage('fish market', 'Bergen'),
      })}</think><answer>${country}; Vestland; Bergen</answer>`;
    const backend = await serve({
      reply: () => ({
        texts: [
          ...[answer('fjord light', 'Norway'), answer('Fjord light.', 'Norway')],
          answer('kangaroos', 'Australia'),
        ],
      }),
    });
    await locate(
      path('p.jpg'),
      '--backend',
      backend,
      '-k',
      '3',
      '--recipe',
      'geoagent',
      '--prompt',
      'cor',
    );
    expect(run.stdout).toContain('Clues    fjord light; wooden wharf houses; fish market\n');
    expect(run.stdout).toContain('Country  Norway    2/3   (Australia 1)\n');
  });

  it('writes CSV and GeoJSON, which holds longitude first', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    const backend = await serve();
    await locate(path('p.jpg'), '--backend', backend, '--format', 'csv', '-o', path('o.csv'));
    const [header, line] = readFileSync(path('o.csv'), 'utf8').split('\n');
    expect(header).toMatch(/^id,lat,lon,country,country_votes,/);
    expect(line).toMatch(/\/p\.jpg,60\.3943,5\.3259,Norway,8,Vestland,8,Bergen,8,8,0,0,samples,/);
    await locate(path('p.jpg'), '--backend', backend, '--format', 'geojson');
    const { features } = JSON.parse(run.stdout) as { features: { geometry: unknown }[] };
    expect(features[0]!.geometry).toEqual({ type: 'Point', coordinates: [5.3259, 60.3943] });
  });

  it('tells no more than --precision allows, in no format', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    const backend = await serve();
    for (const format of ['text', 'json', 'csv', 'geojson']) {
      run.stdout = '';
      await locate(
        path('p.jpg'),
        '--backend',
        backend,
        '--precision',
        'region',
        '--format',
        format,
      );
      expect(run.stdout).toContain('Vestland');
      expect(run.stdout).not.toMatch(/Bergen|60\.39|5\.32|openstreetmap/);
    }
    run.stdout = '';
    await locate(path('p.jpg'), '--backend', backend, '--precision', 'city');
    expect(run.stdout).toMatch(/City at {2}60\.39\d+, 5\.3/); // where the gazetteer has the city
  });

  it('ends with the error itself for one picture, and with 3 when the server failed for all', async () => {
    writeFileSync(path('p.jpg'), photo(1));
    writeFileSync(path('q.jpg'), photo(2));
    const backend = await serve({ reply: () => ({ status: 200, body: '<html>Sign in</html>' }) });
    await expect(locate(path('p.jpg'), '--backend', backend)).rejects.toMatchObject({
      code: 'backend',
      message: expect.stringContaining('answered no JSON: <html>Sign in</html>'),
    });
    await locate(path('p.jpg'), path('q.jpg'), '--backend', backend);
    expect(process.exitCode).toBe(3);
    await run.server!.close();
    await expect(locate(path('p.jpg'), '--backend', backend)).rejects.toMatchObject({
      code: 'backend',
      message: expect.stringContaining('no backend answered'),
    });
  });

  it('refuses what is not there and what does not fit together', async () => {
    await expect(locate(path('nowhere.jpg'))).rejects.toMatchObject({ code: 'usage' });
    await expect(locate('earth:91,0')).rejects.toMatchObject({ code: 'usage' });
    writeFileSync(path('p.jpg'), photo(1));
    await expect(locate(path('p.jpg'), '--resume')).rejects.toThrow('--resume needs -o FILE');
    await expect(locate(path('p.jpg'))).rejects.toMatchObject({
      message: expect.stringContaining('not photographs'),
      hint: expect.stringContaining('vllm serve'),
    });
  });
});

describe('geor locate with the model that comes along', () => {
  it('locates a tile of the Earth, the same every time', async () => {
    await locate('earth:60.39,5.32', '-k', '4', '--json', '--threads', '1');
    const first = run.stdout;
    const row = locateRowSchema.parse(JSON.parse(first));
    expect(row).toMatchObject({ country: 'Norway', answered: 4, asked: { maxPixels: null } });
    run.stdout = '';
    await locate('earth:60.39,5.32', '-k', '4', '--json', '--threads', '1');
    expect(run.stdout).toBe(first);
  });

  it('has calibrated radii when asked the way its calibration was made, else those of the samples', async () => {
    await locate('earth:60.39,5.32', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ radii: { hold: 'calibrated' } });
    run.stdout = '';
    await locate('earth:60.39,5.32', '--json', '-k', '4');
    expect(JSON.parse(run.stdout)).toMatchObject({ radii: { hold: 'samples' } });
  });
});
