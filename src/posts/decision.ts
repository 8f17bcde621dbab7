/** By which signs a feed's entry was known again, the surest first. */
export type KnownBy =
  | 'guid+link'
  | 'guid'
  | 'link'
  /** A link alone, of an entry that has no guid. */
  | 'only-link'
  | 'title+date'
  | 'content'
  /** A telling title, within days of the date it had. */
  | 'redated'
  /** A title alone, of an entry that has nothing else. */
  | 'title';
