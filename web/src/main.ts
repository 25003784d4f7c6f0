/**
 * The page: puts its parts together and carries a picture from hand to answer.
 * @module
 */
import type { ModelCards } from '../../src/serve/locate/events.ts';
import { answerView } from './answer/answer-view.ts';
import { type Finding, findingOf } from './answer/finding.ts';
import { frameOf, showFinding } from './answer/on-globe.ts';
import { coordinateField } from './ask/coordinate-field.ts';
import { exampleRow } from './ask/examples.ts';
import { explainPhotograph } from './ask/explanations.ts';
import { pictureCard } from './ask/picture-card.ts';
import { settingsPanel } from './ask/settings.ts';
import { themeSwitch } from './ask/theme-switch.ts';
import { cropOf, thumbnailOf } from './globe/crop.ts';
import { type EarthPicture, loadEarthPicture } from './globe/earth-raster.ts';
import { makeGlobe } from './globe/globe.ts';
import { keep } from './history/history.ts';
import { historyView } from './history/history-view.ts';
import { startWorker } from './model/worker-client.ts';
import { loadModels, serverAnswerer } from './server/client.ts';
import { bringIntoView, h, icon } from './shared/dom.ts';
import type { Answerer, Point, Question } from './shared/events.ts';

/** Tiles are cut as the small model learned them. */
const SPAN_DEGREES = 12;
/** Side of a tile as the visitor sees it. */
const SHOWN_PX = 336;

const address = (path: string): string => new URL(path, document.baseURI).href;
const EARTH = address('assets/earth-blue-marble.jpg');

async function begin(): Promise<void> {
  const models: ModelCards = await loadModels().catch(() => ({}));
  const worker = startWorker({
    earth: EARTH,
    gazetteer: address('assets/gazetteer.bin'),
    model: address(models.browser?.files ?? 'assets/model/'),
  });

  let earth: EarthPicture | undefined;
  let question: Question | undefined;
  let running: AbortController | undefined;

  const globe = makeGlobe((point) => cutAt(point));
  const answer = answerView((point) => globe.flyTo(point, 30));
  const examples = exampleRow((point) => cutAt(point));
  const card = pictureCard({ onPhoto: takePhoto, onClear: clear });
  const history = historyView((entry) => {
    const point = entry.point ?? entry.cut;
    if (point) globe.flyTo(point, 30);
  });
  const { server, browser } = models;
  const settings = settingsPanel(
    {
      serverNote: server
        ? `${server.name}. Reads ${server.reads === 'photographs' ? 'photographs' : 'satellite tiles'}.${server.host ? ` Pictures go to ${server.host}.` : ''}`
        : 'This server has no model that locates pictures.',
      hasBrowserModel: browser !== undefined,
    },
    () => {
      if (question) void ask(question);
    },
  );

  function cutAt({ lat, lon }: Point): void {
    const cut = {
      lat: Number(lat.toFixed(3)),
      lon: Number(lon.toFixed(3)),
      spanDegrees: SPAN_DEGREES,
    };
    const picture = earth ? cropOf(earth.image, cut, SHOWN_PX).toDataURL('image/jpeg', 0.9) : '';
    take({ address: picture, cut });
    globe.flyTo(cut, 45);
  }
  function takePhoto(photo: Blob): void {
    take({ address: URL.createObjectURL(photo), photo });
  }
  function release(): void {
    running?.abort();
    if (question?.photo) URL.revokeObjectURL(question.address);
  }
  function take(next: Question): void {
    release();
    question = next;
    card.show(next);
    bringIntoView(card.element);
    void ask(next);
  }
  function clear(): void {
    release();
    question = undefined;
    card.show(undefined);
    answer.clear();
    globe.show({ circles: [], markers: [] });
  }

  const inBrowser = worker.answerer((words) => answer.waiting(words));

  async function ask(asked: Question): Promise<void> {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    const { where, samples, precision: chosen } = settings.current();
    // Who picked a place on the globe knows it; a photograph may show whom it should not.
    const precision = asked.cut ? 'point' : chosen;
    const card = where === 'browser' ? browser : server;
    const answerer: Answerer = where === 'browser' ? inBrowser : serverAnswerer;
    globe.show({ circles: [], markers: [], ...(asked.cut && { frame: frameOf(asked.cut) }) });
    if (!card || (asked.photo && card.reads === 'satellite-tiles')) {
      const { message, hint, actions } = explainPhotograph(models, asked);
      answer.failed(message, hint, actions);
      return;
    }
    answer.waiting(where === 'browser' ? 'Waking the small model' : `Asking ${card.name}`);
    const texts = new Map<number, string>();
    const notes: string[] = [];
    try {
      for await (const event of answerer.ask(asked, { samples, precision }, signal)) {
        if (signal.aborted) return;
        if (event.event === 'accepted') {
          if (event.carried?.gps)
            notes.push('This photograph carried GPS coordinates. They were not read, and removed.');
          else if (event.carried?.placeText)
            notes.push(
              'This photograph carried words that may name a place. They were not read, and removed.',
            );
        } else if (event.event === 'text') {
          texts.set(event.sample, (texts.get(event.sample) ?? '') + event.append);
          answer.writing(texts.get(0) ?? '', Math.max(0, texts.size - 1), samples);
        } else if (event.event === 'error') {
          answer.failed(event.error.message, event.error.hint);
        } else {
          const finding = findingOf(event.result, {
            cut: asked.cut,
            answeredBy: `Answered by ${card.name}, ${where === 'browser' ? 'in this browser' : card.host ? `at ${card.host}` : 'on this server'}.`,
            notes,
          });
          answer.finished(finding);
          bringIntoView(answer.element);
          showFinding(globe, finding, asked.cut);
          await remember(asked, finding, card.name);
        }
      }
    } catch (cause) {
      if (!signal.aborted)
        answer.failed(
          cause instanceof Error ? cause.message : String(cause),
          'Is "geor serve" still running?',
        );
    }
  }

  async function remember(asked: Question, finding: Finding, model: string): Promise<void> {
    const thumbnail = await thumbnailOf(asked.address).catch(() => undefined);
    if (!thumbnail) return;
    const agreed = finding.levels.filter(({ candidates }) => !candidates);
    const named = Object.fromEntries(agreed.map(({ level, name }) => [level, name]));
    keep({
      id: crypto.randomUUID(),
      at: new Date().toISOString(),
      kind: asked.cut ? 'tile' : 'photo',
      headline: finding.headline,
      ...named,
      ...(finding.point && { point: finding.point }),
      ...(finding.radiusKm && { radiusKm: finding.radiusKm }),
      ...(asked.cut && { cut: { lat: asked.cut.lat, lon: asked.cut.lon } }),
      ...(finding.truth && { distanceKm: Math.round(finding.truth.distanceKm) }),
      samples: finding.asked,
      model,
      thumbnail,
    });
    history.refresh();
  }

  document.body.append(
    h('a', { class: 'skip', href: '#ask' }, 'Skip the globe'),
    h(
      'header',
      { class: 'bar' },
      h(
        'p',
        { class: 'wordmark' },
        icon(
          'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M2 12h20M12 2c-6 6-6 14 0 20M12 2c6 6 6 14 0 20',
        ),
        'geor',
      ),
      themeSwitch(),
    ),
    h(
      'main',
      {},
      h(
        'div',
        { class: 'column', id: 'ask' },
        h('h1', {}, 'Where on Earth?'),
        h(
          'p',
          { class: 'lede' },
          'Give it a picture. It answers from country to region to city to a point, says how sure it is, and shows where it contradicts itself.',
        ),
        card.element,
        answer.element,
        settings.element,
        examples.element,
        coordinateField((point) => cutAt(point)),
        history.element,
        h(
          'footer',
          {},
          h(
            'p',
            {},
            'Nothing is fetched from anywhere but this server, and nothing is stored there. A place is a guess, and never a reason to look for a person.',
          ),
          h(
            'p',
            {},
            'Picture of the Earth: NASA Blue Marble. Borders: Natural Earth. Names: GeoNames, CC BY 4.0.',
          ),
        ),
      ),
      globe.element,
    ),
  );
  loadEarthPicture(EARTH).then(
    (picture) => {
      earth = picture;
      globe.setEarth(picture);
      examples.setPictures((point) =>
        cropOf(picture.image, { ...point, spanDegrees: SPAN_DEGREES }, 144),
      );
    },
    () => answer.failed('The picture of the Earth did not come.', 'Is "geor serve" still running?'),
  );
}

void begin();
