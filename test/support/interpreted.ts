/** What a reader gets of a marked-up text. */
export interface Interpreted {
  /** As it is seen, without marks. */
  readonly text: string;
  /** Whatever was more than text: `bold`, `quote`, `ping @everyone`, `emoji a`, `invite`, …; links aside. */
  readonly effects: readonly string[];
  readonly links: readonly { readonly label: string; readonly target: string }[];
}

/** Two texts that are the same to the eye: what is never drawn is dropped, runs of marks beyond any script are cut, twins are one. */
export function seen(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\u2028\u2029\u0085\v\f\r\t\u2800\u3164\uffa0\u115f\u1160]/g, ' ')
    .replace(/[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu, (one) =>
      one === '\n' ? ' ' : '',
    )
    .replace(/(\p{M}{8})\p{M}+/gu, '$1')
    .replaceAll('│', '|')
    .replaceAll('ˋ', '`')
    .replace(/\s+/g, ' ')
    .trim();
}
