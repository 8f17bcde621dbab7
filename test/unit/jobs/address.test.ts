import { describe, expect, test } from '@jest/globals';
import { codeOf, hostOf, withoutSecrets } from '../../../jobs/address.js';

describe('an address in a log line', () => {
  test.each([
    ['redis://:hunter2@10.0.0.5:6379/1', 'redis://10.0.0.5:6379/1'],
    ['rediss://bot:hunter2@cache.example.net:6380', 'rediss://cache.example.net:6380'],
    ['postgres://bot:hunter2@db.example.net/tidings?password=hunter2', 'postgres://db.example.net/tidings'],
  ])('%s is shown without its secrets', (url, shown) => {
    expect(withoutSecrets(url)).toBe(shown);
    expect(hostOf(url)).not.toContain('hunter2');
  });

  test('the reason is the code, or the words where there is no code', () => {
    expect(codeOf(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
    expect(codeOf(new Error('WRONGPASS invalid username-password pair'))).toBe(
      'WRONGPASS invalid username-password pair',
    );
  });
});
