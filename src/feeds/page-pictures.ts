import type { PostId, SightingId } from '../ids.js';
import { later, type Clock } from '../clock.js';
import { pageHeadOf, type PageHead } from '../posts/page-picture.js';
import { decodeBody } from './reading/decode-body.js';
import type { FetchPage } from './fetching/fetch-page.js';

/** A page that is to be asked for a picture of its post. */
export interface PageVisit {
  readonly sighting: SightingId;
  readonly post: PostId;
  readonly url: URL;
}

export interface PageStore {
  /**
   * Pages to be visited now, at most one of an origin, under the same courtesy as polls. Each is given out once: if its
   * visitor dies, the post goes out without a picture.
   */
  readonly claim: (now: Date, leaseUntil: Date) => Promise<PageVisit[]>;
  /**
   * The post has its picture, or none, and need not wait any longer. By its canonical address it is found again in
   * other feeds. Null: the page could not be read.
   */
  readonly save: (visit: PageVisit, head: PageHead | null, startedAt: Date) => Promise<void>;
}

export interface PagePictureDeps {
  readonly pages: PageStore;
  readonly fetchPage: FetchPage;
  readonly clock: Clock;
}

const LEASE_MS = 15_000;

/** Visits the pages of new posts whose feeds give no picture. Returns the sightings that need not wait any longer. */
export async function visitPages({ pages, fetchPage, clock }: PagePictureDeps): Promise<SightingId[]> {
  const visits = await pages.claim(clock(), later(clock(), LEASE_MS));
  return Promise.all(
    visits.map(async (visit) => {
      const startedAt = clock();
      const page = await fetchPage(visit.url);
      const head = page.kind === 'page' ? pageHeadOf(decodeBody(page.body, page.contentType), page.url) : null;
      await pages.save(visit, head, startedAt);
      return visit.sighting;
    }),
  );
}
