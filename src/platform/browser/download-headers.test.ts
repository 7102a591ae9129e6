import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { partName, saveName, visibleName } from '../save-name.ts';
import { contentDisposition, downloadHeaders, safeMedia } from './download-headers.ts';

test('[SINK-8] the name travels as RFC 8187 asks, with an ASCII form beside it', () => {
  expect(contentDisposition('a b.txt')).toBe(`attachment; filename="a b.txt"; filename*=UTF-8''a%20b.txt`);
  expect(contentDisposition(`it's "50%" (new)*.pdf`)).toBe(
    `attachment; filename="it's _50__ (new)*.pdf"; filename*=UTF-8''it%27s%20%2250%25%22%20%28new%29%2A.pdf`,
  );
  expect(contentDisposition('🐟 é.png')).toBe(`attachment; filename="__ _.png"; filename*=UTF-8''%F0%9F%90%9F%20%C3%A9.png`);
});

test('[SINK-8] any name gives a header of printable ASCII that decodes to the name it is saved under', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
      const header = contentDisposition(name);
      expect(header).toMatch(/^attachment; filename="[\u0020-\u0021\u0023-\u007e]*"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+$/);
      expect(decodeURIComponent(header.split("''")[1]!)).toBe(saveName(name));
    }),
  );
});

test('[SINK-9] a name cannot leave the folder, hide characters or turn the direction of text around', () => {
  expect(saveName('../../etc/passwd')).toBe('.._.._etc_passwd');
  expect(saveName('C:\\boot.ini')).toBe('C:_boot.ini');
  expect(saveName('invoice\u202etxt.exe')).toBe('invoice_txt.exe');
  expect(saveName('a\r\nb\u0000')).toBe('a__b_');
  expect(saveName('half \ud83d')).toBe('half \ufffd');
  expect(saveName('')).toBe('download');
});

test('[SINK-9] exactly these characters are replaced, and joiners are not', () => {
  const replaced: string[] = [];
  for (let point = 0; point <= 0xffff; point++) {
    // Half a surrogate pair becomes U+FFFD.
    if (point >= 0xd800 && point <= 0xdfff) continue;
    if (saveName(`a${String.fromCodePoint(point)}b`) === 'a_b' && point !== 0x5f) replaced.push(point.toString(16).padStart(4, '0'));
  }
  const runs = replaced.reduce<string[][]>((all, hex) => {
    const last = all.at(-1);
    if (last !== undefined && Number.parseInt(last[1]!, 16) + 1 === Number.parseInt(hex, 16)) last[1] = hex;
    else all.push([hex, hex]);
    return all;
  }, []);
  expect(runs.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(' ')).toBe(
    '0000-001f 002f 005c 007f-009f 00ad 061c 180e 200b 200e-200f 2028-202e 2060-206f feff fff9-fffb',
  );
  expect(saveName('👨\u200d👩\u200d👧.png')).toBe('👨\u200d👩\u200d👧.png');
});

test('[SINK-10] only media types that run nothing are passed on', () => {
  for (const media of ['image/png', 'video/mp4', 'audio/ogg', 'text/plain', 'application/pdf', 'application/zip'])
    expect(safeMedia(media)).toBe(media);
  expect(safeMedia('Text/Plain; charset=utf-8')).toBe('text/plain');
  for (const media of [
    '',
    'text/html',
    'image/svg+xml',
    'text/xml',
    'application/xhtml+xml',
    'text/javascript',
    'image/png\r\nX: y',
    'video/',
  ]) {
    expect(safeMedia(media), media).toBe('application/octet-stream');
  }
});

test('[SINK-10] a streamed download is an attachment of known length that may do nothing', () => {
  expect(downloadHeaders({ name: 'a.html', media: 'text/html', size: 12 })).toEqual({
    'Content-Disposition': `attachment; filename="a.html"; filename*=UTF-8''a.html`,
    'Content-Type': 'application/octet-stream',
    'Content-Length': '12',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
});

test.each([
  ['film.mp4', 'film (bytes 100-199).mp4'],
  ['archive.tar.gz', 'archive.tar (bytes 100-199).gz'],
  ['README', 'README (bytes 100-199)'],
  ['.profile', '.profile (bytes 100-199)'],
])('[SINK-16] a part of %s is saved as %s', (name, expected) => {
  expect(partName(name, { offset: 100, length: 100 })).toBe(expected);
});

test('[SINK-9] where a command saves a file no program finds it unasked', () => {
  expect(visibleName('.npmrc')).toBe('_npmrc');
  expect(visibleName('..')).toBe('download');
  expect(visibleName('a.b')).toBe('a.b');
});
