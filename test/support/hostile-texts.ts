/** One text that a feed might use to do more than be read. */
export interface HostileText {
  readonly family: string;
  readonly text: string;
}

/** A title and where it leads, which is not where it says. */
export interface HostileLink {
  readonly title: string;
  readonly url: string;
}

const EVIL = 'https://evil.example/x';
const USER = '123456789012345678';

/** What would notify somebody, name somebody, or run something, if it were taken for markup. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  'slack call': [
    '<!channel>',
    '<!here|here>',
    '<!everyone>',
    '<@U0123ABCD>',
    '<@W0123ABCD|ann>',
    '<!subteam^S0123ABCD|@team>',
    '<#C0123ABCD|general>',
    '<!date^1700000000^{date}^https://evil.example/x|soon>',
    '<mailto:a@evil.example|the editors>',
    '<tel:+15551234|call>',
  ],
  'discord call': [
    '@everyone',
    '@here',
    `<@${USER}>`,
    `<@!${USER}>`,
    `<@&${USER}>`,
    `<#${USER}>`,
    `</tidings help:${USER}>`,
    '<t:1700000000:R>',
    `<:smile:${USER}>`,
    `<a:party:${USER}>`,
    '<id:customize>',
    'discord.gg/abcdef',
    'discord.com/invite/abcdef',
  ],
};

/** Ways to carry a call past an escape that was written for the bare one. */
const CARRIERS: readonly (readonly [string, (payload: string) => string])[] = [
  ['bare', (payload) => payload],
  ['behind a backslash', (payload) => `\\${payload}`],
  ['behind two backslashes', (payload) => `\\\\${payload}`],
  ['as entities', (payload) => payload.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
  ['as double entities', (payload) => payload.replaceAll('<', '&amp;lt;').replaceAll('>', '&amp;gt;')],
  ['split by something unseen', (payload) => `${payload.slice(0, 2)}\u200b${payload.slice(2)}`],
  ['in a link', (payload) => `[${payload}](${EVIL})`],
  ['in emphasis', (payload) => `*_${payload}_*`],
  ['closing code', (payload) => `\`\`\`\n${payload}\n\`\`\``],
  ['on its own line', (payload) => `News\n${payload}`],
];

/** Markup of both platforms that would change how a text looks. */
const MARKUP: readonly string[] = [
  '*bold*',
  '**bold**',
  '***both***',
  '_italic_',
  '__underlined__',
  '~struck~',
  '~~struck~~',
  '`code`',
  '``co`de``',
  '```block```',
  '||spoiler||',
  '# Heading',
  '### Heading',
  '-# small print',
  '- list',
  '+ list',
  '* list',
  '1. list',
  '12) list',
  '> quotation',
  '>>> quotation to the end',
  '&gt; quotation',
  ':smile:',
  ':100: percent',
  'route 2001:db8:a:b:: and ::1',
  '10:34:56 and :1234:',
  ':+1::skin-tone-2:',
  'snake_case_name and 2*3*4',
  'a*b* c _d e_f',
  '\\*escaped already\\*',
  'ends in a backslash \\',
  'ends in an asterisk *',
  '*',
  '_ _',
  '[brackets] (and parentheses)',
  'AT&T &amp; friends &lt;b&gt; &#60; &nbsp;',
  '<b>bold</b> <script>alert(1)</script>',
  '| a | bar | table |',
];

/** Links written into a text, which are to stay text. */
const LINKS: readonly string[] = [
  EVIL,
  `<${EVIL}>`,
  `<${EVIL}|https://good.example/>`,
  `[https://good.example/](${EVIL})`,
  `[good](<${EVIL}>)`,
  `[good](${EVIL} "a title")`,
  `[good][1]\n[1]: ${EVIL}`,
  `![picture](${EVIL}.png)`,
  `<a href="${EVIL}">good</a>`,
  `](${EVIL}) [`,
  `](${EVIL})`,
  `a|b> <${EVIL}|c`,
  `> <${EVIL}|quoted>`,
  'http://evil.example',
  'HTTPS://EVIL.EXAMPLE/X',
  'javascript:alert(1)',
  '<javascript:alert(1)|press>',
  '[press](javascript:alert(1))',
  'steam://run/1 and slack://open',
  'mailto:somebody@evil.example',
  '//evil.example/x',
];

/** Characters that hide, turn round, pile up or break. */
const CHARACTERS: readonly string[] = [
  '\u202egpj.exe\u202c',
  '\u2066abc\u2069 \u2067def',
  'a\u200eb\u200fc\u061cd',
  'pay\u200bpal and pay\u200dpal and pay\u2060pal',
  '\u00adsoft\u00ad hyphens\u00ad',
  '\ufeffmark at the front',
  'tags \u{e0041}\u{e0042}\u{e0043} unseen',
  '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} flag of England',
  `za${'\u0335\u0317\u0489'.repeat(60)}lgo`,
  `e${'\u0301'.repeat(400)}`,
  '\u115f\u1160\u3164\uffa0\u2800',
  'half \ud83d of a pair, and \udc00 the other',
  'null\u0000 bell\u0007 backspace\u0008\u0008 delete\u007f',
  'lines\r\nof\u2028many\u2029kinds\u0085and\vones\f.',
  `a${'\n'.repeat(50)}b`,
  `a${' '.repeat(500)}b${'\t'.repeat(50)}c`,
  '\ufff9annotated\ufffahidden\ufffb',
  '\uffff\ufffe\ufdd0 no characters',
  '\u{f0000} private use',
  'می\u200cخواهم خبر بخوانم',
  'क\u094d\u200dष and \u0995\u09cd\u200c\u09a4',
  '👨\u200d👩\u200d👧\u200d👦👍🏽🏳\ufe0f\u200d🌈🇩🇪',
  '👨\u200d'.repeat(300),
  '🇦'.repeat(301),
  '𝕳𝖊𝖑𝖑𝖔 ﷽ ꧅',
  'ا'.repeat(400),
  '漢'.repeat(400),
  '😀'.repeat(400),
  `${'&'.repeat(399)}x`,
  `${'<'.repeat(399)}x`,
  `${'*'.repeat(399)}x`,
  `${'\\'.repeat(399)}x`,
  `${':a'.repeat(199)}:`,
  '@'.repeat(300),
];

/** What a terminal would obey. */
const SEQUENCES: readonly string[] = [
  '\u001b[31mred\u001b[0m',
  '\u001b[2J\u001b[H cleared',
  '\u001b]8;;https://evil.example\u0007good\u001b]8;;\u0007',
  '\u001b]0;title\u0007',
  '\u009b31mred',
  'over\rwritten',
];

/** Names that pretend to be other parts of a message. */
const PARTS: readonly string[] = [
  'Feed · BGP · Outages',
  'also in Example Networks',
  'Untitled',
  '…',
  '[More like this]',
  '1 Jan 2030 · Example',
];

export const HOSTILE_TEXTS: readonly HostileText[] = [
  ...Object.entries(CALLS)
    .flatMap(([name, calls]) =>
      CARRIERS.flatMap(([how, carry]) => calls.map((call) => ({ family: `${name} ${how}`, text: carry(call) }))),
    )
    .filter(({ text }, index, all) => all.findIndex((other) => other.text === text) === index),
  ...MARKUP.map((text) => ({ family: 'markup', text })),
  ...LINKS.map((text) => ({ family: 'link', text })),
  ...CHARACTERS.map((text) => ({ family: 'character', text })),
  ...SEQUENCES.map((text) => ({ family: 'terminal', text })),
  ...PARTS.map((text) => ({ family: 'part', text })),
];

const POSING: readonly string[] = [
  'https://good.example/login',
  'http://good.example',
  'HTTPS://GOOD.EXAMPLE/',
  'good.example',
  'www.good.example',
  'good.example/login',
  'good.example:8443',
  '"good.example"',
  '(good.example)',
  'good.example…',
  '→ good.example ←',
  'See https://good.example now',
  'Sign in at good.example/login',
  'https://good.example@evil.example/',
  'https://good.example:443@evil.example',
  'https:/good.example',
  'https:\\\\good.example\\login',
  'https\u2236//good.example',
  'https://good\u2024example/',
  'good\u3002example',
  'good\uff0eexample',
  'ｇｏｏｄ.example',
  'good.example\u2215login',
  'go\u200bod.exa\u200dmple',
  '\u202eelpmaxe.doog\u202c https://good.example',
  'https://g\u043e\u043ed.example',
  'g\u00f6\u00f6d.example',
  'xn--gd-fkaa.example/',
  'https://192.0.2.1/login',
  'https://evil.example.good.example/',
  'https://notevil.example/',
  'good.com',
  'login.good.co.uk',
];

const MENTIONING: readonly string[] = [
  'Example.com was down for an hour',
  'How good.example moved its mail',
  'Why Booking.com left',
  'ASP.NET and Node.js compared',
];

const ADDRESSES: readonly string[] = [
  EVIL,
  'https://user:secret@evil.example/x',
  'https://good.example@evil.example/',
  'https://xn--gd-fkaa.evil.example/a(b)c|d?q=[x]*_~`&r=<y>#|>',
  'http://intranet/page',
  'http://192.0.2.7/x',
];

/** Titles that name one site over links to another. */
export const POSING_LINKS: readonly HostileLink[] = POSING.flatMap((title) => ADDRESSES.map((url) => ({ title, url })));
export const MENTIONING_LINKS: readonly HostileLink[] = MENTIONING.flatMap((title) =>
  ADDRESSES.map((url) => ({ title, url })),
);

/** Links and pictures that are left out, or made harmless, rather than sent. */
export const BAD_ADDRESSES: readonly string[] = [
  'javascript:alert(1)',
  'data:text/html,<b>x</b>',
  'data:image/png;base64,AAAA',
  'file:///etc/passwd',
  'ftp://files.example/x',
  'mailto:a@b.example',
  'tel:+15551234',
  'blob:https://a.example/1',
  'about:blank',
  'slack://open',
  'discord://-/channels/1',
  'steam://run/1',
  `https://a.example/${'x'.repeat(5_000)}`,
  `https://a.example/?q=${'%F0%9F%98%80'.repeat(600)}`,
];

/** Pictures that a platform cannot fetch from outside, or does not show. */
export const BAD_PICTURES: readonly string[] = [
  ...BAD_ADDRESSES,
  'http://localhost/a.png',
  'http://127.0.0.1/a.png',
  'http://[::1]/a.png',
  'http://2130706433/a.png',
  'http://printer.local/a.png',
  'http://intranet/a.png',
  'https://a.example/drawing.svg',
  'https://a.example/video.mp4',
];
