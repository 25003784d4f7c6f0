/**
 * Light, dark, or as the system has it. Kept in this browser.
 * @module
 */
import { h } from '../shared/dom.ts';

const THEMES = ['auto', 'light', 'dark'] as const;
const KEY = 'geor.theme';

/** The switch; applies what was chosen last time. */
export function themeSwitch(): HTMLElement {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(KEY);
  } catch {
    // Without storage the system decides.
  }
  const chosen = THEMES.find((theme) => theme === stored) ?? 'auto';
  const apply = (theme: (typeof THEMES)[number]): void => {
    document.documentElement.dataset['theme'] = theme;
  };
  apply(chosen);
  return h(
    'fieldset',
    { class: 'segments themes' },
    h('legend', { class: 'unseen' }, 'Colours'),
    h(
      'div',
      { class: 'options' },
      THEMES.map((theme) =>
        h(
          'label',
          {},
          h('input', {
            type: 'radio',
            name: 'theme',
            value: theme,
            checked: theme === chosen,
            on: {
              change: () => {
                apply(theme);
                try {
                  localStorage.setItem(KEY, theme);
                } catch {
                  // It holds for this visit.
                }
              },
            },
          }),
          h('span', {}, h('b', {}, theme[0]!.toUpperCase() + theme.slice(1))),
        ),
      ),
    ),
  );
}
