import { expect, test } from '@jest/globals';
import { DiscordAPIError, HTTPError } from 'discord.js';
import { classifyEdit } from '../../../../adapters/discord/classify-edit.js';

function refusal(status: number, code: number): DiscordAPIError {
  return new DiscordAPIError({ code, message: 'Unknown Message' }, code, status, 'PATCH', 'http://local', {});
}

test.each([
  [404, 10003],
  [404, 10004],
  [404, 10008],
  [403, 50005],
  [403, 50021],
])('status %i with code %i ends the edit and says nothing about the channel', (status, code) => {
  expect(classifyEdit(refusal(status, code))).toEqual({ kind: 'closed', reason: `code ${String(code)}` });
});

test('too many edits of an old message are tried again later', () => {
  expect(classifyEdit(refusal(400, 30046))).toEqual({ kind: 'unavailable', detail: 'code 30046' });
});

test('all else means for an edit what it means for a post', () => {
  expect(classifyEdit(refusal(403, 50013))).toEqual({ kind: 'refused', reason: 'not-allowed' });
  expect(classifyEdit(refusal(400, 50035))).toMatchObject({ kind: 'malformed' });
  const error = new HTTPError(500, 'Internal Server Error', 'PATCH', 'http://local', {});
  expect(classifyEdit(error)).toMatchObject({ kind: 'unknown' });
});
