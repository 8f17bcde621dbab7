import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeliveryId } from '../../src/ids.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import {
  openDiscordPlatform,
  openEditWorld,
  openSlackPlatform,
  type EditPlatform,
  type EditWorld,
} from '../support/edit-world.js';
import { entry } from '../support/entries.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const story = entry('A route leak in Ruritania', { text: 'Prefixes were announced by a fourth network.' });
const corrected = { ...story, title: 'A route leak in Elbonia' };

describe.each([
  ['Slack', openSlackPlatform],
  ['Discord', openDiscordPlatform],
] as [string, () => Promise<EditPlatform>][])('edits on %s', (platform, open) => {
  let database: TestDatabase;
  let world: EditWorld;

  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    world = await openEditWorld(database, open);
  });
  afterEach(() => world.close());

  /** The story is told, and ten minutes later its feed says something else. */
  async function tellThenShow(changed = corrected): Promise<void> {
    await world.show([story]);
    await world.tell();
    world.pass(10 * MINUTE);
    await world.show([changed]);
  }

  test('a corrected title changes the message that was sent, once, and posts nothing', async () => {
    await tellThenShow();
    expect(world.texts().join()).toContain(story.title);
    await world.edit();
    const [text = '', ...others] = world.texts();
    expect(others).toEqual([]);
    expect(text).toContain(corrected.title);
    expect(text).not.toContain(story.title);
    world.pass(HOUR);
    expect(await world.edit()).toBe(0);
    expect([world.posts(), world.edits().length, await world.standing()]).toEqual([1, 1, ['done']]);
  });

  test('a corrected link changes it too', async () => {
    const link = new URL('https://blog.example/posts/corrected');
    await tellThenShow({ ...story, link });
    await world.edit();
    expect(world.asked).toMatchObject([{ title: story.title, url: link }]);
    expect(JSON.stringify(world.edits())).toContain(link.href);
  });

  test('another feed that shows the article is named, by those that were told before and by those told after', async () => {
    await world.show([story]);
    await world.tell();
    world.pass(10 * MINUTE);
    await world.show([{ ...story, guid: 'elsewhere' }], world.other);
    await world.tell();
    await world.edit();
    expect(world.asked).toMatchObject([{ source: 'A blog', alsoIn: ['B news'] }]);
    expect(world.texts().join()).toMatch(/also in B news/i);
    expect(world.posts()).toBe(1);
  });

  test('changes that come together are one edit, and one that comes later is another', async () => {
    await tellThenShow();
    world.pass(20);
    await world.show([{ ...story, title: 'A route leak in Freedonia' }]);
    await world.edit();
    expect(world.asked.map(({ title }) => title)).toEqual(['A route leak in Freedonia']);
    await world.show([{ ...story, title: 'A route leak in Syldavia' }]);
    await world.edit();
    expect(world.asked.map(({ title }) => title)).toEqual(['A route leak in Freedonia', 'A route leak in Syldavia']);
  });

  test('a title that is put back is put back in the message', async () => {
    await tellThenShow();
    await world.edit();
    await world.show([story]);
    await world.edit();
    expect(world.texts()).toHaveLength(1);
    expect(world.texts().join()).toContain(story.title);
  });

  test('an entry edited before its message is sent needs no edit', async () => {
    await world.show([story]);
    world.pass(5 * MINUTE);
    await world.stores.subscriptions.add(
      { channel: world.channel, target: { kind: 'everything' }, createdBy: 'test' },
      world.now(),
    );
    await database.pool.query('update channels set ready_at = $1', [new Date(world.now().getTime() + 3_600_000)]);
    await world.tell();
    await world.show([corrected]);
    world.pass(2 * HOUR);
    await world.tell();
    await world.edit();
    expect(world.texts().join()).toContain(corrected.title);
    expect([world.posts(), world.edits()]).toEqual([1, []]);
  });

  test('an entry edited after two days changes nothing', async () => {
    await world.show([story]);
    await world.tell();
    world.pass(49 * HOUR);
    await world.show([corrected]);
    await world.edit();
    expect([world.edits(), await world.standing()]).toEqual([[], []]);
  });

  test('a post that is only named in a digest changes nothing', async () => {
    const many = Array.from({ length: 30 }, (_, index) => entry(`Post number ${String(index)} of a flood`));
    const oldest = many.pop() ?? story;
    await world.show([...many, oldest]);
    await world.tell();
    world.pass(10 * MINUTE);
    await world.show([...many, { ...oldest, title: 'Quite another title of the oldest' }]);
    await world.edit();
    expect([world.edits(), await world.standing()]).toEqual([[], []]);
  });

  test('a message that people deleted stays deleted', async () => {
    await tellThenShow();
    world.clear();
    await world.edit();
    expect([world.posts(), world.edits().length]).toEqual([1, 1]);
    expect(await world.standing()).toEqual([expect.stringMatching(/^dropped: (message_not_found|code 10008)$/)]);
    await world.show([{ ...story, title: 'A route leak in Syldavia' }]);
    await world.edit();
    expect([world.posts(), world.edits().length]).toEqual([1, 1]);
    const { deliveries } = await world.stores.statusOf.counts();
    expect(deliveries).toMatchObject({ sent: 1, pending: 0, abandoned: 0 });
  });

  test('an edit of unknown fate is done again', async () => {
    await tellThenShow();
    world.failEdit('lost');
    world.failEdit('failing');
    await world.edit();
    await world.edit();
    expect([world.edits().length, await world.standing()]).toEqual([3, ['done']]);
    expect(world.texts()).toHaveLength(1);
  });

  test('an unacceptable edit is sent plain, and then given up', async () => {
    await tellThenShow();
    world.failEdit('malformed');
    await world.edit();
    expect(world.asked.map(({ format }) => format)).toEqual(['card', 'plain']);
    expect(world.texts().join()).toContain(corrected.title);

    await world.show([story]);
    world.failEdit('malformed', 3);
    await world.edit();
    expect(await world.standing()).toEqual([expect.stringMatching(/^dropped: malformed/)]);
  });

  test('a throttled edit waits as long as it is told to, and so do the others of its workspace', async () => {
    const second = entry('A second story');
    await world.show([story, second]);
    await world.tell();
    world.pass(10 * MINUTE);
    await world.show([corrected, { ...second, title: 'A second story, corrected' }]);
    world.failEdit('throttled');
    world.pass(80);
    const due = async () => world.stores.edits.due(world.now(), [world.channel.platform], 10);
    await world.stores.edits.prepare(world.now());
    expect(await due()).toHaveLength(1);
    await world.edit();
    expect(await world.standing()).toEqual(['done', 'done']);
    expect(world.edits().length).toBeGreaterThanOrEqual(3);
    expect(world.texts().join()).toContain('A second story, corrected');
  });

  test('where the bot may not write, an edit waits, and after two days it is given up; the channel is not blamed', async () => {
    await tellThenShow();
    world.failEdit('no-access', 99);
    await world.edit();
    expect([world.edits().length, await world.standing()]).toEqual([1, [expect.stringMatching(/^waiting: not-/)]]);
    for (let look = 0; look < 9; look += 1) {
      await world.edit();
      world.pass(6 * HOUR);
    }
    expect(await world.standing()).toEqual([expect.stringMatching(/^dropped: not-/)]);
    expect((await world.stores.subscriptions.list(world.channel, world.now()))[0]?.channelTrouble).toBeNull();
  });

  test('while its channel is refused, no edit is tried', async () => {
    await tellThenShow();
    await database.pool.query("update channels set trouble = 'not-a-member'");
    await world.edit();
    expect(world.edits()).toEqual([]);
    await database.pool.query('update channels set trouble = null');
    await world.edit();
    expect(world.edits()).toHaveLength(1);
  });

  test('new posts of the channel go first', async () => {
    await tellThenShow();
    world.pass(10 * MINUTE);
    const fresh = [1, 2, 3].map((number) => entry(`Fresh news number ${String(number)}`));
    await world.show([corrected, ...fresh]);
    const stages = world.stores;
    for (const { id } of await stages.deliveries.unmatched(world.now(), 9)) {
      await stages.deliveries.savePlan(
        [{ id, channels: [{ channel: world.channel, wantedBy: [] }], filtered: [] }],
        world.now(),
      );
    }
    expect(await world.edit()).toBe(0);
    await world.tell();
    expect([world.posts(), world.edits().length]).toEqual([4, 0]);
    await world.edit();
    expect(world.edits()).toHaveLength(1);
  });

  test('posts due in another channel go first where the bot has one rate for all it does, and only there', async () => {
    await tellThenShow();
    const elsewhere = { ...world.channel, channelId: platform === 'Slack' ? 'C0000000002' : '200000000000000002' };
    await world.stores.subscriptions.add(
      { channel: elsewhere, target: { kind: 'everything' }, createdBy: 'test' },
      world.now(),
    );
    await world.show([corrected, entry('Fresh news')]);
    for (const { id } of await world.stores.deliveries.unmatched(world.now(), 9)) {
      await world.stores.deliveries.savePlan(
        [{ id, channels: [{ channel: elsewhere, wantedBy: [] }], filtered: [] }],
        world.now(),
      );
    }
    await world.edit();
    expect(world.edits()).toHaveLength(platform === 'Discord' ? 0 : 1);
    await world.tell();
    await world.edit();
    expect(world.edits()).toHaveLength(1);
  });

  test('edits are slow: one of a workspace each 1.3 seconds, whatever number of processes ask', async () => {
    const many = Array.from({ length: 5 }, (_, index) => entry(`Story ${String(index)} of many`));
    await world.show(many);
    await world.tell();
    world.pass(10 * MINUTE);
    await world.show(many.map((one) => ({ ...one, title: `${one.title}, corrected` })));
    world.pass(80);
    const { edits } = world.stores;
    await edits.prepare(world.now());
    const { rows } = await database.pool.query<{ id: DeliveryId }>('select delivery_id as id from edits');
    const claimAll = async () => {
      const lease = new Date(world.now().getTime() + 30_000);
      const platforms = [world.channel.platform];
      return Promise.all([...rows, ...rows].map(({ id }) => edits.claim(id, platforms, world.now(), lease)));
    };
    expect(rows).toHaveLength(5);
    expect((await claimAll()).filter(Boolean)).toHaveLength(1);
    world.pass(1);
    expect((await claimAll()).filter(Boolean)).toHaveLength(0);
    world.pass(0.4);
    expect((await claimAll()).filter(Boolean)).toHaveLength(1);
  });

  test('a second change while an edit is under way is not lost', async () => {
    await tellThenShow();
    world.pass(80);
    const { edits } = world.stores;
    await edits.prepare(world.now());
    const [id] = await edits.due(world.now(), [world.channel.platform], 1);
    const claimed =
      id && (await edits.claim(id, [world.channel.platform], world.now(), new Date(8_640_000_000_000_000)));
    if (!claimed) throw new Error('not claimed');
    expect(claimed.told.post.title).toBe(corrected.title);
    await world.show([{ ...story, title: 'A route leak in Syldavia' }]);
    world.pass(80);
    await edits.prepare(world.now());
    const done = { state: { kind: 'done' }, reason: null, format: 'card', workspaceReadyAt: null } as const;
    await edits.record(claimed, done, world.now());
    await world.edit();
    expect(world.texts().join()).toContain('A route leak in Syldavia');
  });

  test('one whose process died is done by another, and what the dead one says later is put right', async () => {
    await tellThenShow();
    world.pass(80);
    const { edits } = world.stores;
    await edits.prepare(world.now());
    const [id] = await edits.due(world.now(), [world.channel.platform], 1);
    const lease = new Date(world.now().getTime() + 30_000);
    const dead = id && (await edits.claim(id, [world.channel.platform], world.now(), lease));
    if (!dead) throw new Error('not claimed');
    expect(await edits.claim(dead.told.delivery.id, [world.channel.platform], world.now(), lease)).toBeNull();
    await world.edit();
    expect([world.edits().length, await world.standing()]).toEqual([1, ['done']]);
    await edits.record(
      dead,
      { state: { kind: 'done' }, reason: null, format: 'card', workspaceReadyAt: null },
      world.now(),
    );
    await world.edit();
    expect([world.edits().length, await world.standing()]).toEqual([2, ['done']]);
  });

  test('why says when the message was edited, and why not', async () => {
    await tellThenShow();
    const edit = async () => {
      const report = await world.stores.whyOf.why(story.link?.href ?? '');
      return report.kind === 'stored' ? report.deliveries.map((one) => one.edit) : [];
    };
    expect(await edit()).toEqual([null]);
    await world.edit();
    expect(await edit()).toEqual([{ state: 'done', editedAt: expect.any(Date), reason: null }]);
    await world.show([story]);
    world.clear();
    await world.edit();
    expect(await edit()).toEqual([{ state: 'dropped', editedAt: expect.any(Date), reason: expect.any(String) }]);
  });

  test('an edit pings nobody', async () => {
    await tellThenShow({ ...story, title: '@everyone <!channel> <@U1> a route leak' });
    await world.edit();
    expect(world.edits()).toHaveLength(1);
    expect(world.texts().join()).not.toContain('PING(');
    const guard = platform === 'Discord' ? { allowed_mentions: { parse: [] } } : { parse: 'none' };
    expect(world.edits()).toMatchObject([guard]);
  });
});
