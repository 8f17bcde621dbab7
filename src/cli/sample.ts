import { NOTHING_FITS, weeklySentence } from '../commands/sample-lines.js';
import type { Sample } from '../deliveries/sample.js';
import { oneLine } from './table.js';
import { relative } from './times.js';

/** What a subscription would have brought, a line each and indented. */
export function sampleText({ newest, weekly }: Sample, now: Date): string {
  const posts = newest.flatMap(({ post, source, outAt }) => [
    `  ${oneLine(post.title)}`,
    `    ${[oneLine(source), relative(outAt, now), post.url?.href ?? 'without a link'].join(' · ')}`,
  ]);
  const head = newest.length > 0 ? 'The newest that would have been sent:' : NOTHING_FITS;
  const lines = weekly.kind === 'unread' ? [] : [head, ...posts];
  return [...lines, weeklySentence(weekly), ''].join('\n');
}

/** `perWeek` is null as long as nothing can be said. */
export function sampleJson({ newest, weekly }: Sample): object {
  const measured = weekly.kind === 'measured' ? weekly : { perWeek: null, precision: null, overMs: null };
  const { perWeek, precision, overMs } = measured;
  const posts = newest.map(({ post: { id, title, url, publishedAt, firstSeenAt }, source }) => {
    return { id, title, url, source, publishedAt, firstSeenAt };
  });
  return { posts, perWeek, precision, overMs };
}
