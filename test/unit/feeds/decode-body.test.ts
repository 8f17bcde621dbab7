import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { decodeBody } from '../../../src/feeds/decode-body.js';

const RUSSIAN = '<?xml version="1.0" encoding="windows-1251"?><rss>Сбой маршрутизации</rss>';
const xml = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a>`;

describe('the encoding of a feed', () => {
  test('a byte order mark beats every label', () => {
    for (const encoding of ['utf-8', 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be']) {
      const body = iconv.encode('<a>é漢😀</a>', encoding, { addBOM: true });
      expect(decodeBody(body, 'text/xml; charset=koi8-r')).toBe('<a>é漢😀</a>');
    }
  });

  test('UTF-16 without a mark is known by its first character', () => {
    expect(decodeBody(iconv.encode('<a>é</a>', 'utf-16le'), null)).toBe('<a>é</a>');
    expect(decodeBody(iconv.encode('<a>é</a>', 'utf-16be'), null)).toBe('<a>é</a>');
  });

  test('bytes that are UTF-8 beat a label that says otherwise', () => {
    const body = Buffer.from(RUSSIAN, 'utf8');
    expect(decodeBody(body, 'text/xml; charset=iso-8859-1')).toBe(RUSSIAN);
    expect(decodeBody(body, null)).toBe(RUSSIAN);
  });

  test('then HTTP decides, then the XML declaration', () => {
    const body = iconv.encode(RUSSIAN, 'windows-1251');
    expect(decodeBody(body, 'application/rss+xml')).toBe(RUSSIAN);
    expect(decodeBody(body, 'text/xml; charset="Windows-1251"')).toBe(RUSSIAN);
    expect(decodeBody(body, 'text/xml; charset=utf-8')).toBe(RUSSIAN);
    expect(decodeBody(body, 'text/xml; charset=nonsense')).toBe(RUSSIAN);
    const koi = iconv.encode(`${xml('windows-1251')}Сбой`, 'koi8-r');
    expect(decodeBody(koi, 'text/xml; charset=koi8-r')).toContain('Сбой');
  });

  test.each([
    ['shift_jis', '図書館'],
    ['euc-jp', '図書館'],
    ['gb2312', '图书馆'],
    ['big5', '圖書館'],
    ['euc-kr', '도서관'],
    ['iso-8859-1', 'naïve – “quoted”'],
    ['iso-8859-2', 'żółć'],
  ])('%s', (encoding, text) => {
    const written = encoding === 'iso-8859-1' ? 'windows-1252' : encoding;
    expect(decodeBody(iconv.encode(xml(encoding) + text, written), null)).toBe(xml(encoding) + text);
  });

  test('seven-bit encodings are told by their label alone', () => {
    const body = Buffer.from(`${xml('iso-2022-jp')}\u001b$B?^=q4[\u001b(B`, 'latin1');
    expect(decodeBody(body, null)).toContain('図書館');
  });

  test('UTF-8 with islands of windows-1252 loses neither', () => {
    const body = Buffer.concat([
      Buffer.from(`${xml('utf-8')}漢`, 'utf8'),
      Buffer.from([0x93, 0x94]),
      Buffer.from('é', 'utf8'),
    ]);
    expect(decodeBody(body, null)).toBe(`${xml('utf-8')}漢“”é`);
  });

  test('any bytes give a text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.option(fc.string()), (body, contentType) => {
        expect(typeof decodeBody(body, contentType)).toBe('string');
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeBody(Buffer.from(`<a>${text}`, 'utf8'), null)).toBe(`<a>${text}`);
      }),
    );
  });
});
