export type Attributes = Readonly<Record<string, string>>;

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Elements that nobody sees as text: controls, programs, players, ways to other pages, and how to pronounce a word. */
const UNSEEN = names(
  'script style noscript template head title iframe object embed applet svg canvas audio video map select option button textarea input form dialog frameset nav rt rp rtc annotation annotation-xml',
);
const HIDING_STYLE = /(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)/i;
/** Larger elements are hidden from screen readers only while a page moves. */
const DECORATIONS = names('a span i b em small sup img');

/** What publishing software and its plugins put around a text, by the class or id they give it. */
const MAX_CLASSES_LENGTH = 500;
const FURNITURE = new RegExp(
  `(?:^|\\s)(?:${[
    // Sharing and liking.
    'sharedaddy|sd-(?:block|sharing|content|social)[\\w-]*|jp-(?:relatedposts|post-flair)|post_flair|addtoany_[\\w-]+|a2a_[\\w-]+|addthis_[\\w-]+|sharethis-[\\w-]+|st_sharethis[\\w-]*|ssba[\\w-]*|shariff[\\w-]*|heateor[\\w-]+|feedflare|flattr[\\w-]*|fb-(?:like|share-button|root)|twitter-share-button|linkedin-share[\\w-]*|tweetmeme[\\w-]*|dd_post_share|mashsb-[\\w-]+|essb_[\\w-]+|wp-block-(?:social-links?|jetpack-(?:sharing-buttons?|like|subscriptions|related-posts)|outermost-social-sharing)|likes?-(?:button|widget)[\\w-]*',
    '(?:social|share|sharing|bookmark)s?[-_](?:buttons?|links?|icons?|bar|box|tools?|widgets?|row|list|media|post|this|container|wrapper|section|block)|share(?:buttons|bar|this)|socials?',
    // Other posts, and asking for more readers.
    'yarpp[\\w-]*|crp_related|(?:related|recommended|similar)[-_]?(?:posts?|articles?|stories|content|links?|reading)[\\w-]*|wp-block-(?:latest-posts|latest-comments|rss|tag-cloud|categories|archives|calendar|search|loginout|query-pagination|post-navigation-link|comments[\\w-]*|read-more)|post-?navigation|nav-links|newsletter[-_](?:signup|form|box|widget|block|subscribe)|mc_embed_[\\w-]+|mc4wp[\\w-]*|subscri(?:be|ption)-(?:widget|form|box|button)[\\w-]*|button-wrapper|medium-feed-(?:link|image)|more-link|read-?more(?:-link|-button)?|comments-link',
    // About the page rather than the text.
    'ez-toc[\\w-]*|toc|toc[-_]?(?:container|wrapper|title|list)|table-of-contents|wp-block-table-of-contents|lwptoc[\\w-]*|breadcrumbs?|saboxplugin[\\w-]*|abh_box|pp-(?:multiple-authors|author-boxes)[\\w-]*|author-box|simple-author-box|post-(?:ratings|views)[\\w-]*|kk-star-ratings|adsbygoogle|advertisement|wpcnt|wpa|code-block-ad|mw-editsection',
    // For other eyes than readers of text.
    'screen-reader-text|sr-only|visually-?hidden|katex-mathml|mjx-assistive-mml|mjx_assistive_mathml|image-link-expand|gutter|line-?nos?|line-?numbers?(?:-rows)?|linenodiv|hljs-ln-n(?:umbers)?|rouge-gutter|blob-num|copy-(?:button|btn|code[\\w-]*)|code-copy[\\w-]*|header-?link|anchorjs-link|headings?-anchor|footnote-(?:backref|back-?link)|reversefootnote|data-footnote-backref',
  ].join('|')})(?=\\s|$)`,
  'i',
);

export type Unseen = 'seen' | 'hidden' | 'furniture';

/** Is an element, with all it holds, shown to nobody (`hidden`) or no part of the text (`furniture`)? */
export function unseenKind(name: string, attributes: Attributes): Unseen {
  if (UNSEEN.has(name)) return 'hidden';
  for (const attribute in attributes) {
    const kind = unseenBy(attribute, attributes[attribute] ?? '', name);
    if (kind !== 'seen') return kind;
  }
  return 'seen';
}

function unseenBy(attribute: string, value: string, name: string): Unseen {
  switch (attribute) {
    case 'class':
    case 'id':
      return value.length <= MAX_CLASSES_LENGTH && FURNITURE.test(value) ? 'furniture' : 'seen';
    case 'role':
      return value === 'doc-backlink' || value === 'navigation' ? 'furniture' : 'seen';
    default:
      return hides(attribute, value, name) ? 'hidden' : 'seen';
  }
}

function hides(attribute: string, value: string, name: string): boolean {
  if (attribute === 'style') return HIDING_STYLE.test(value);
  return attribute === 'hidden' || (attribute === 'aria-hidden' && value === 'true' && DECORATIONS.has(name));
}
