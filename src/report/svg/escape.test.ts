import { describe, expect, it } from 'vitest';
import { escapeText } from './escape.ts';

describe('escapeText', () => {
  it('escapes the five characters that markup gives a meaning', () => {
    expect(escapeText(`<a href="x" id='y'>&amp;`)).toBe(
      '&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;',
    );
  });

  it('replaces what no XML document may hold and keeps the rest', () => {
    expect(escapeText('a\u0000b\u001b[2Jc\ud800d')).toBe('a\ufffdb\ufffd[2Jc\ufffdd');
    expect(escapeText('Tromsø\t東京\n🌍')).toBe('Tromsø\t東京\n🌍');
  });
});
