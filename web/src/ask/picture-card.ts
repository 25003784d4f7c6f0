/**
 * Where pictures come in: drop them anywhere on the page, paste them, or pick a file.
 * @module
 */
import { fill, h, icon } from '../shared/dom.ts';
import type { Question } from '../shared/events.ts';
import { degreesText } from '../shared/text.ts';

/** The card that takes and shows a picture. */
export interface PictureCard {
  readonly element: HTMLElement;
  show(question: Question | undefined): void;
}

const PICTURE = /^image\//;

const firstPicture = (data: DataTransfer | null): File | undefined =>
  [...(data?.files ?? [])].find(({ type }) => PICTURE.test(type)) ?? data?.files[0];

/** Makes the card and listens to the whole page. */
export function pictureCard({
  onPhoto,
  onClear,
}: {
  onPhoto: (photo: Blob) => void;
  onClear: () => void;
}): PictureCard {
  const input = h('input', {
    type: 'file',
    accept: 'image/*',
    id: 'photo',
    class: 'unseen',
    on: {
      change: () => {
        const photo = input.files?.[0];
        if (photo) onPhoto(photo);
        input.value = '';
      },
    },
  });
  const element = h('div', { class: 'picture-card' });
  const empty = [
    h(
      'div',
      { class: 'drop-sign' },
      icon('M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3M12 15V4M7.5 8.5 12 4l4.5 4.5'),
    ),
    h(
      'p',
      { class: 'drop-words' },
      h('label', { for: 'photo', class: 'as-link' }, 'Choose a photograph'),
      ', drop it here or paste it.',
    ),
    h('p', { class: 'quiet' }, 'Or click the globe: a tile of the Earth is cut there.'),
  ];
  const clear = h(
    'button',
    {
      type: 'button',
      class: 'round small',
      'aria-label': 'Take this picture away',
      on: { click: onClear },
    },
    icon('M6 6l12 12M18 6 6 18'),
  );

  let depth = 0;
  const isFileDrag = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes('Files') ?? false;
  const highlight = (): void => {
    document.body.classList.toggle('is-dropping', depth > 0);
  };
  addEventListener('dragenter', (event) => {
    if (!isFileDrag(event)) return;
    depth++;
    highlight();
  });
  addEventListener('dragleave', (event) => {
    if (!isFileDrag(event)) return;
    depth = Math.max(0, depth - 1);
    highlight();
  });
  addEventListener('dragover', (event) => {
    if (isFileDrag(event)) event.preventDefault();
  });
  addEventListener('drop', (event) => {
    if (!isFileDrag(event)) return;
    event.preventDefault();
    depth = 0;
    highlight();
    const photo = firstPicture(event.dataTransfer);
    if (photo) onPhoto(photo);
  });
  addEventListener('paste', (event) => {
    const photo = firstPicture(event.clipboardData);
    if (!photo) return;
    event.preventDefault();
    onPhoto(photo);
  });

  const card: PictureCard = {
    element,
    show(question) {
      element.classList.toggle('has-picture', question !== undefined);
      if (!question) {
        fill(element, input, empty);
        return;
      }
      const { address, cut } = question;
      const words = cut
        ? `A tile of the Earth, ${cut.spanDegrees}° high, cut at ${degreesText(cut)}`
        : 'Your photograph';
      fill(
        element,
        input,
        h('img', { src: address, alt: words }),
        h(
          'div',
          { class: 'picture-words' },
          h('p', {}, cut ? 'Tile of the Earth' : 'Your photograph'),
          h(
            'p',
            { class: 'quiet' },
            cut
              ? `${degreesText(cut)}, ${cut.spanDegrees}° high`
              : 'Stays on this page and its server; never stored.',
          ),
          h(
            'p',
            { class: 'quiet' },
            h(
              'label',
              { for: 'photo', class: 'as-link' },
              cut ? 'Choose a photograph' : 'Another photograph',
            ),
          ),
        ),
        clear,
      );
    },
  };
  card.show(undefined);
  return card;
}
