import { isLure } from './lures.js';
import { shareWordsOf } from './share-rows.js';

const MAX_LINE_LENGTH = 300;
const MAX_NOTE_LENGTH = 200;

const anyOf = (...words: readonly string[]) => words.join('|');

/** What a button or a link under a post says, without numbers and signs. */
const BUTTON = new RegExp(
  `^(?:${anyOf(
    '(?:no |view |read |show |see )?(?:all )?comments?(?: so far| off| closed| feed)?|(?:leave|post|add|write) a (?:comment|reply)|leave your (?:comment|reply)|join the (?:discussion|conversation)|discuss(?: this post| on .{1,40}| in the forum)?|comments? on .{1,40}',
    'permalink|permanent link|link|via e-?mail|email this|digg this!?|save to del\\.icio\\.us|saves?|print|pdf|pin it|back to top|likes?|like this|(?:like )?loading|reblog',
    'kommentare?|keine kommentare|kommentar (?:hinterlassen|schreiben)|schreibe einen kommentar|commentaires?|aucun commentaire|laisser un commentaire|comentarios?|sin comentarios|deja (?:un comentario|una respuesta)|commenti|nessun commento|lascia un commento|comentários?|deixe um comentário|deixar um comentário|reacties|geen reacties|laat een reactie achter',
    'permalien|permalänk|постоянная ссылка|комментари(?:и|й|ев|я)|нет комментариев|оставить комментарий|コメント|コメントを残す|评论|发表评论|留言|暂无评论|댓글',
  )})$`,
  'iu',
);
const BETWEEN_BUTTONS = /[\d|·•,/()[\]:∞→»*#…\u2013\u2014]+|^\s*-|\.{3}/u;
const MAX_BUTTONS = 8;
const REDDIT = /^submitted by\s+\/?u\/\S+.{0,100}$/iu;
/** The publisher's own labels: they are kept as tags. */
const LABELS = new RegExp(
  `^(?:${anyOf(
    'tags?|tagged(?: with| as| in)?|filed under|filed in|posted in|categor(?:y|ies)|labels?|topics?|keywords?',
    'schlagw(?:ort|örter)|kategorien?|veröffentlicht in|étiquettes?|mots[- ]clés|catégories?|classé sous|publié dans|etiquetas?|categorías?|publicado en|etichette|categorie|pubblicato in|categorias?|publicado em|trefwoorden|categorie(?:ën)?|geplaatst in',
    'метки|теги|рубрик[аи]|категори[яи]|タグ|カテゴリー|标签|標籤|分类|分類',
  )})\\s?(?:[:：]|(?<=under|in|with)\\s)(?:(?![.!?]\\s|[.!?。]$).){1,${String(MAX_NOTE_LENGTH)}}$`,
  'iu',
);
const SUBSCRIBE = new RegExp(
  `^(?:${anyOf(
    '(?:please )?(?:subscribe|sign up|signup)\\b.{0,60}\\b(?:newsletter|mailing list|rss(?: feed)?|by e-?mail|via e-?mail|updates|free|podcast|channel|blog)\\b.{0,80}|subscribe(?: now| today| here)?|upgrade to paid|(?:share|leave) .{1,60} a comment|join (?:our|the|my) (?:mailing list|newsletter).{0,80}',
    '(?:enjoyed|liked?|enjoying) (?:this|what you read).{0,40}\\b(?:subscribe|sign up|follow)\\b.{0,120}|thank(?:s| you) for (?:reading|subscribing)\\b.{0,60}(?:subscribe|rss|feed|newsletter|substack).{0,140}|this substack is reader-supported.{0,160}|get (?:the latest|new) posts? .{0,60}(?:inbox|e-?mail).{0,40}',
    '(?:and )?(?:follow|find) (?:us|me) on (?:twitter|x|facebook|linkedin|instagram|mastodon|bluesky|youtube|telegram|google news|social media)\\b.{0,120}',
    '(?:unseren |den |zum )?newsletter (?:abonnieren|anmelden)|abonnieren sie .{0,60}newsletter.{0,60}|(?:abonnez-vous|inscrivez-vous) à .{0,40}(?:newsletter|lettre|infolettre).{0,60}|suscr[ií]b(?:a|e)(?:se|te) a .{0,40}(?:newsletter|boletín).{0,60}|iscriviti alla .{0,40}newsletter.{0,60}|(?:assine|inscreva-se n)\\w{0,2} .{0,40}newsletter.{0,60}|(?:schrijf je in|meld je aan) voor .{0,40}nieuwsbrief.{0,60}|подпи(?:шитесь|сывайтесь) на .{0,60}(?:рассылку|канал|телеграм|telegram).{0,60}|关注.{0,30}(?:公众号|微信号).{0,60}|(?:メルマガ|メールマガジン|ニュースレター)(?:に|を)?(?:登録|購読).{0,30}',
  )})[.!…]?$`,
  'iu',
);
const RIGHTS =
  /^(?:(?:copyright\b|©|\(c\)\s?(?:\d{4}|copyright)).{0,200}|.{0,100}\ball rights reserved\.?|(?:alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados|alle rechten voorbehouden|все права защищены|版权所有)\b.{0,100}|this (?:entry|feed) (?:passed through|was (?:created|generated) (?:by|with)) .{0,160})$/iu;
/** Rules and stars between parts: nothing stands behind them. Brackets may close code. */
const RULE = /^[\s\-–—_*=~.…#•·∞◉◆■□●○☆★|]+$/u;
const ALSO =
  /^(?:read (?:also|next)|also read|see also our|lesen sie auch|auch interessant|(?:à )?lire aussi|lee también|te puede interesar|leggi anche|leia também|veja também|lees ook|читайте также|あわせて読みたい|関連記事|相关阅读)\s?[:：]\s?.{1,200}$/iu;
const RELATED = new RegExp(
  `^(?:#{1,6} )?(?:${anyOf(
    'related(?: (?:posts?|articles?|stories|content|links|news|coverage))?|(?:you )?(?:might|may) also (?:like|enjoy|be interested in)|you (?:might|may) (?:also )?(?:like|enjoy)|more (?:stories|posts|articles|news)(?: (?:from|by|on|like) .{1,60})?|read next|also read|recommended(?: (?:posts|articles|stories|for you))?|similar (?:posts|articles|stories)|(?:recent|popular|latest) posts|share this (?:post|article|story)',
    '(?:ähnliche|verwandte|weitere) (?:beiträge|artikel)|das könnte (?:sie|dich) auch interessieren|lesen sie auch|articles? (?:similaires|liés|connexes)|(?:à )?lire aussi|sur le même sujet|(?:entradas|artículos|noticias) relacionad[ao]s|también te puede interesar|(?:articoli|post) (?:correlati|simili)|leggi anche|(?:artigos|posts|notícias) relacionad[ao]s|leia também|gerelateerde (?:berichten|artikelen)|lees ook',
    'похожие (?:записи|статьи|посты|материалы)|по теме|читайте также|関連記事|関連投稿|相关文章|相关阅读|相關文章|延伸閱讀|推荐阅读',
  )})\\s?[:：…]?$`,
  'iu',
);
const MAX_RELATED_LINES = 15;
const MAX_RELATED_LENGTH = 160;
const MAX_BUTTON_LINES = 40;

/** A line that belongs to the page around a text rather than to it, when it stands at the end. */
export function isFooterLine(line: string): boolean {
  if (line === '' || RULE.test(line)) return true;
  if (isLure(line)) return true;
  if (line.length > MAX_LINE_LENGTH) return false;
  return isButtonRow(line) || [REDDIT, LABELS, SUBSCRIBE, RIGHTS, ALSO].some((kind) => kind.test(line));
}

function isButtonRow(line: string): boolean {
  const said = line
    .split(BETWEEN_BUTTONS)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
  return said.length > 0 && said.length <= MAX_BUTTONS && said.every((piece) => BUTTON.test(piece));
}

/** Heads a list of other posts. */
function isRelatedHeading(line: string): boolean {
  return line.length <= MAX_NOTE_LENGTH && RELATED.test(line);
}

/** Where the list of other posts begins that a text ends with; its length if there is none. */
export function startOfRelated(lines: readonly string[], linkLines: ReadonlySet<string>): number {
  const first = Math.max(0, lines.length - 2 * MAX_RELATED_LINES);
  for (let at = lines.length - 1; at >= first; at--) {
    const line = (lines[at] ?? '').trim();
    if (at > 0 && isRelatedHeading(line)) return at;
    const namesPost =
      line === '' || linkLines.has(line) || (line.length <= MAX_RELATED_LENGTH && !/[.。!?]$/u.test(line));
    if (!namesPost) break;
  }
  return lines.length;
}

/** Nothing but buttons of several networks: never prose, wherever it stands. */
export function isShareRow(line: string): boolean {
  const said = shareWordsOf(line);
  return said !== null && ((said.asks && said.networks >= 2) || said.networks >= 4);
}

/** The first line of the rows of buttons that these lines end with; their number if there are none. */
export function startOfButtons(lines: readonly string[]): number {
  let asks = false;
  let networks = 0;
  let start = lines.length;
  for (let at = lines.length - 1; at >= Math.max(0, lines.length - MAX_BUTTON_LINES); at--) {
    const line = (lines[at] ?? '').trim();
    const said = line === '' ? { asks: false, networks: 0 } : shareWordsOf(line);
    if (!said) break;
    asks ||= said.asks;
    networks += said.networks;
    if (asks || networks >= 3) start = at;
  }
  return start;
}
