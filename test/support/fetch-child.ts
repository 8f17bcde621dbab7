import { NOTHING_ALLOWED } from '../../src/feeds/fetching/address-guard.js';
import { fetchOnce } from './fetching.js';

/** Polls the two addresses given as arguments, the second by a fetcher that may go nowhere inside, and says what came. */
const [open = '', closed = ''] = process.argv.slice(2);
const outcomes = [await fetchOnce(new URL(open)), await fetchOnce(new URL(closed), {}, { allow: NOTHING_ALLOWED })];
process.stdout.write(`${outcomes.map((outcome) => ('reason' in outcome ? outcome.reason : outcome.kind)).join(' ')}\n`);
