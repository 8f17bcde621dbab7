/** Pages of networks to which a reader hands an address on. Taken with their host: other sites have a `/share` too. */
const SHARE_LINK =
  /^(?:https?:)?\/\/(?:[\w-]+\.)*(?:(?:facebook|fb)\.com\/(?:sharer|share|dialog\/(?:share|feed|send))|(?:twitter|x)\.com\/(?:intent\/(?:tweet|post)|share|home\/?\?status=)|linkedin\.com\/(?:sharearticle|sharing\/|shareArticle)|reddit\.com\/(?:[\w/]*submit)|pinterest\.[\w.]+\/pin\/create|tumblr\.com\/(?:share|widgets\/share)|(?:t|telegram)\.me\/share|wa\.me\/\?|(?:api|web)\.whatsapp\.com\/send|news\.ycombinator\.com\/submitlink|getpocket\.com\/(?:edit|save)|bsky\.app\/intent|threads\.(?:net|com)\/intent|share\.flipboard\.com|flipboard\.com\/bookmarklet|digg\.com\/submit|stumbleupon\.com\/submit|del(?:\.icio\.us|icious\.com)\/(?:post|save)|slashdot\.org\/(?:bookmark|slashdot-it)|instapaper\.com\/(?:hello2|edit)|xing\.com\/(?:spi\/shares|social_plugins\/share|app\/user)|vk(?:ontakte)?\.(?:com|ru)\/share|connect\.ok\.ru\/|odnoklassniki\.ru\/dk|connect\.mail\.ru\/share|service\.weibo\.com\/share|b\.hatena\.ne\.jp\/(?:add|entry)|social-plugins\.line\.me|addtoany\.com\/|addthis\.com\/(?:bookmark|offer)|sharethis\.com\/|mix\.com\/(?:add|mixit)|evernote\.com\/clip|buffer(?:app)?\.com\/add|toot\.kytta\.dev|mastodonshare\.com|sharetomastodon\.github\.io|feeds\.wordpress\.com\/[\d.]+\/go)/i;
/** The share buttons of a site itself, and of blogs of WordPress.com and Blogger. */
const SHARE_QUERY =
  /(?:[?&](?:share=(?:facebook|twitter|x|email|linkedin|reddit|pinterest|tumblr|telegram|jetpack|custom)|shared?=email)\b|blogger\.com\/(?:share-post|email-post))/i;
const MAIL_LINK = /^mailto:\?/i;

/** Does a link hand the page on to others? Source: the share addresses that the networks document. */
export function isShareLink(href: string): boolean {
  return SHARE_LINK.test(href) || SHARE_QUERY.test(href) || MAIL_LINK.test(href);
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Verbs that make a row of names a row of buttons. */
const ASKING = words(
  'share tweet sharing retweet teilen partager partagez compartir comparte condividi compartilhar compartilhe delen deel поделиться твитнуть jaa dela del udostępnij paylaş シェア シェアする ツイート 分享 分享到 共有 공유 مشاركة',
);
const NETWORKS = words(
  'facebook twitter linkedin reddit whatsapp telegram pinterest tumblr pocket mastodon bluesky threads hackernews flipboard digg stumbleupon delicious messenger weibo wechat qq line vkontakte vk odnoklassniki hatena instapaper xing googleplus buffer evernote email 微博 微信 qq空间 朋友圈 はてなブックマーク',
);
const BESIDES = words(
  'this post article story page link on via to with by in new window click opens it more copy save pin x mail e print print pdf friend google plus hacker news like loading love your the a or and auf per drucken mailen sur par imprimer envoyer en por correo imprimir su stampa no na em op afdrukken в во на ok ok이 で に する して ください してください',
);
const MAX_LABEL_WORDS = 30;

/** The kinds of words of a row: null if it says anything that no row of share buttons says. */
export function shareWordsOf(line: string): { readonly asks: boolean; readonly networks: number } | null {
  if (line.length > 300 || !isShareWord((/[\p{L}\p{M}]+/u.exec(line)?.[0] ?? '').toLowerCase())) return null;
  const said = line.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  if (said.length === 0 || said.length > MAX_LABEL_WORDS) return null;
  if (!said.every(isShareWord)) return null;
  return {
    asks: said.some((word) => ASKING.has(word)),
    networks: said.filter((word) => NETWORKS.has(word)).length,
  };
}

function isShareWord(word: string): boolean {
  return ASKING.has(word) || NETWORKS.has(word) || BESIDES.has(word);
}

/** What stands beside share links in their row: nothing, a number of shares, "Share this:". */
export function isShareLabel(text: string): boolean {
  return !/[\p{L}\p{M}]/u.test(text) || shareWordsOf(text) !== null;
}
