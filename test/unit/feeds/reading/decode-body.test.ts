import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { decodeBody } from '../../../../src/feeds/reading/decode-body.js';

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

describe('bytes that nobody labelled, or everybody alike', () => {
  const texts: readonly [encoding: string, text: string][] = [
    ['windows-1251', 'Вчера вечером маршруты соседнего оператора пропали на сорок минут, причина пока неизвестна.'],
    ['koi8-r', 'Вчера вечером маршруты соседнего оператора пропали на сорок минут, причина пока неизвестна.'],
    ['shift_jis', '昨夜、隣の事業者の経路が四十分間消えました。原因はまだ分かっていません。調査を続けています。'],
    ['euc-jp', '昨夜、隣の事業者の経路が四十分間消えました。原因はまだ分かっていません。調査を続けています。'],
    ['gb18030', '昨天晚上邻近运营商的路由消失了四十分钟，原因目前还不清楚，工程师正在继续调查。'],
    ['big5', '昨天晚上鄰近業者的路由消失了四十分鐘，原因目前還不清楚，工程師正在繼續調查。'],
    ['euc-kr', '어젯밤 이웃 사업자의 경로가 사십 분 동안 사라졌습니다. 원인은 아직 알 수 없습니다.'],
    ['iso-8859-7', 'Χθες το βράδυ οι διαδρομές του γειτονικού παρόχου χάθηκαν για σαράντα λεπτά.'],
    ['windows-1255', 'אמש נעלמו הנתיבים של הספק השכן למשך ארבעים דקות, והסיבה עדיין אינה ידועה לאיש.'],
  ];

  test.each(texts)('%s is recognised', (encoding, text) => {
    const document = `<rss><channel><title>${text}</title></channel></rss>`;
    const body = iconv.encode(document, encoding);
    expect(decodeBody(body, null)).toBe(document);
    expect(decodeBody(body, 'text/xml; charset=utf-8')).toBe(document);
    expect(decodeBody(body, 'text/xml; charset=iso-8859-1')).toBe(document);
  });

  test('a declaration that names something beats the Western label of a server', () => {
    const document = `${xml('iso-8859-5')}Сбой</a>`;
    expect(decodeBody(iconv.encode(document, 'iso-8859-5'), 'text/xml; charset=iso-8859-1')).toBe(document);
  });

  test('Western text stays Western, however short', () => {
    for (const text of [
      'é',
      'Größe',
      'señor, déjà vu',
      'Grüße aus Köln, schöne Straße, „fünf“ Häuser und überall Übermut',
    ]) {
      const document = `<a>${text}</a>`;
      expect(decodeBody(iconv.encode(document, 'windows-1252'), null)).toBe(document);
    }
  });

  test('labels that only browsers know are known', () => {
    const document = '<a>経路</a>';
    expect(decodeBody(iconv.encode(document, 'euc-jp'), 'text/xml; charset=x-euc-jp')).toBe(document);
  });
});
