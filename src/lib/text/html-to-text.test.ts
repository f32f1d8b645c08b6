import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlToText } from './html-to-text.ts';

test.each([
  ['', ''],
  ['plain text', 'plain text'],
  ['  two  spaces \r\n\r\n\r\n\r\nnext ', 'two spaces\n\nnext'],
  ['AT&amp;T\nsecond line', 'AT&T\nsecond line'],
  ['1 < 2 > 0 <3', '1 < 2 > 0 <3'],
  ['<p>Hello</p><p>World</p>', 'Hello\nWorld'],
  ['<p>Hello</p>\n\n<p>World</p>', 'Hello\nWorld'],
  ['a<br>b<br/>c<BR />d</br>e', 'a\nb\nc\nd\ne'],
  ['a<br><br><br><br>b', 'a\n\nb'],
  ['<p>a<br></p><p>b</p>', 'a\nb'],
  ['<ul><li>one</li><li>two</li></ul>after', 'one\ntwo\nafter'],
  ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
  ['<b>bo</b>ld <i> it </i> x', 'bold it x'],
  ['one\ntwo   three<b>.</b>', 'one two three.'],
  ['<pre>one\n  two</pre>three', 'one\ntwo\nthree'],
  [
    '&lt;b&gt; &quot;x&quot; it&#39;s &#x1F600; &nbsp;&euro;5 &unknown; &amp;lt;',
    '<b> "x" it\'s 😀 €5 &unknown; &lt;',
  ],
  ['x<script>alert("</p>")</script>y<style>p > a {}</style >z', 'xyz'],
  ['<script>a</scripty></script>b', 'b'],
  ['a<!-- <p> c -->b<!-->c<!DOCTYPE html>d<?xml ?>e</>f', 'abcdef'],
  ['see<img src="x.png" alt="a &gt; b">here', 'see a > b here'],
  ['see<img src="x.png">here', 'see here'],
  ["<img alt='no' title=\"it's > this\">x", 'no x'],
  ['<a href="https://x.test/?a=1&amp;b=2"></a>', 'https://x.test/?a=1&b=2'],
  ['<a href="https://x.test">text</a>', 'text'],
  ['a <a href="https://x.test"><img src="y"></a>b', 'a https://x.test b'],
  ['<a href="#"></a><a href="javascript:x()"></a><a name=x></a>-', '-'],
  ['<p title="a > b">text', 'text'],
  ['<p title=a>b', 'b'],
  ['<p title="never closed>text</p> more', 'text\nmore'],
  ['open <b', 'open <b'],
  ['nul\0byte <b>x\0y</b>', 'nulbyte xy'],
  ['<title>t</title><head><meta charset=x><body>text</body>', 'text'],
])('%j', (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

test('a lone surrogate neither throws nor swallows text', () => {
  expect(htmlToText('<p>a\ud800b</p>')).toBe('a\ud800b');
});

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const squash = (text: string): string => text.replace(/\s+/g, ' ').trim();

test('an escaped text comes back, up to runs of space', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom(
        '<',
        '>',
        '&',
        'amp;',
        ';',
        '#39;',
        'lt',
        ' ',
        '  ',
        '\n',
        'a',
        '"',
        '人',
        '👍',
        '\t',
      ),
    }),
  );
  fc.assert(
    fc.property(text, (original) => {
      const clean = original.replaceAll('\0', '').replaceAll('\r', '\n');
      const lines = clean.split('\n').map(escape);
      expect(squash(htmlToText(`<p>${lines.join('<br>')}</p>`))).toBe(squash(clean));
      expect(htmlToText(`<p>${lines.join('<br>\n')}</p>`).split('\n').length).toBeLessThanOrEqual(
        lines.length,
      );
    }),
    { numRuns: 2_000 },
  );
});

test('no input throws; the result has no runs of space, nor spaces at the ends of lines', () => {
  const soup = fc.string({
    unit: fc.constantFrom(
      '<',
      '>',
      '/',
      '!',
      '--',
      'p',
      'a',
      'script',
      'style',
      '"',
      "'",
      '=',
      ' ',
      '\n',
      'href',
      '&',
      'lt;',
      'x',
      'br',
      'pre',
    ),
    maxLength: 40,
  });
  fc.assert(
    fc.property(soup, (html) => {
      const text = htmlToText(html);
      expect(text).not.toMatch(/ {2}|\n{3}|[^\S \n]| \n|\n |^\s|\s$/);
    }),
    { numRuns: 5_000 },
  );
});

describe('nasty input is read in one pass', () => {
  const size = 300_000;
  test.each([
    ['nested tags', '<div>'.repeat(size), ''],
    ['tags that never close', '<a '.repeat(size), undefined],
    ['quotes that never close', '<a b="'.repeat(size), undefined],
    ['comments that never close', '<!-'.repeat(size), undefined],
    ['scripts that never close', '<script>'.repeat(size), ''],
    ['end tags alone', '</b'.repeat(size), undefined],
    ['ampersands', '&'.repeat(size * 5), '&'.repeat(size * 5)],
    ['an inline image', `<img src="data:image/png;base64,${'A'.repeat(size * 10)}" alt="chart">`, 'chart'],
    ['spaces', `a${' \n'.repeat(size * 3)}b`, 'a\n\nb'],
    ['links', '<a href="x">'.repeat(size), undefined],
  ])('%s', (_name, html, text) => {
    const found = htmlToText(html);
    expect(found.length).toBeLessThanOrEqual(html.length + 1);
    if (text !== undefined) expect(found).toBe(text);
  });
});
