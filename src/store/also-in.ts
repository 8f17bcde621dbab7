/** Enough names for any message. */
const MOST = 20;

/**
 * The other feeds that show post `p`, of which sighting `s` made the promise to channel `c`, in the order they showed it.
 * This is where feeds that the channel must not know of are left out; so far every feed is everybody's.
 */
export const ALSO_IN = /* sql */ `
  array(select coalesce(other.title, other.url) from sightings os join feeds other on other.id = os.feed_id
         where os.post_id = p.id and os.feed_id is distinct from s.feed_id
         group by other.id order by min(os.seq) limit ${String(MOST)})`;
