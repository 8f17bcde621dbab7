import { describe, expect, test } from '@jest/globals';
import { createLogger, type LogOptions } from '../../src/logger.js';

function logged(options: Partial<LogOptions>): string {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', format: 'json', write: (line) => lines.push(line), ...options });
  log.debug('looked');
  log.warn('feed-failed', { url: 'https://a.example/x=1', status: 404, text: 'a "b" c', gone: null });
  return lines.join('');
}

describe('the log', () => {
  test('is one object per line, with the event and its fields', () => {
    const line = JSON.parse(logged({})) as Record<string, unknown>;
    expect(line).toStrictEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      event: 'feed-failed',
      url: 'https://a.example/x=1',
      status: 404,
      text: 'a "b" c',
      gone: null,
    });
  });

  test('reads well at a terminal', () => {
    expect(logged({ format: 'text' })).toMatch(
      /^\d\d:\d\d:\d\d warn {2}feed-failed url="https:\/\/a.example\/x=1" status=404 text="a \\"b\\" c" gone=null\n$/,
    );
  });

  test('a line feed in a field cannot forge a second line', () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'info', format: 'text', write: (line) => lines.push(line) });
    log.info('feed-polled', { title: 'x\n21:00:00 error forged' });
    expect(lines.join('').trimEnd()).not.toContain('\n');
  });

  test('says nothing below its level', () => {
    expect(logged({ level: 'error' })).toBe('');
    expect(logged({ level: 'silent' })).toBe('');
  });
});
