import { announce } from '../announce/announce.js';
import { scoreAnnounced } from '../announce/score.js';
import type { Suite } from '../suite.js';

/** Feeds as they were through years: is each post told once, and nothing else? */
export const suite: Suite = {
  needs: ['replay/manifest.json', 'replay/truth.json', 'replay/tools/server.mjs', 'replay/tools/score.mjs'],
  predict: announce,
  score: scoreAnnounced,
};
