// What the server says now and then (PROTOCOL section 2).

import { CANCEL, DEFLATE, MORE } from './messages.js';

export const AUTH = 0x64;
export const CHANNEL = 0x50;

/** @param {import('./codec.js').Reader} r */
const pair = (r) => [r.str(), r.str()];

/** @type {import('./messages.js').Kinds} */
export const RARE = {
  0x41: [DEFLATE | MORE, (r) => ({ type: 'SNAPSHOT', epoch: r.uv(), rev: r.uv(), ack: r.uv(), count: r.uv(), payload: r.take() })],
  0x43: [MORE | CANCEL, (r) => ({ type: 'CONT', payload: r.take() })],
  0x45: [0, (r) => ({
    type: 'ERROR', kind: r.str(), origin: r.u8(), scope: r.u8(), message: r.str(), retry_after_ms: r.uv(), max_ms: r.uv(),
    parameters: r.list(pair), supported: r.list((r) => r.uv()), details: r.str(),
  })],
  0x46: [0, (r) => ({ type: 'GOAWAY', reason: r.str(), min_ms: r.uv(), max_ms: r.uv(), parameters: r.list(pair), deadline_ms: r.uv() })],
  [CHANNEL]: [DEFLATE | CANCEL, (r) => ({ type: 'CHANNEL', id: r.uv(), payload: r.take() })],
};
