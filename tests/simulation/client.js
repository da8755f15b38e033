// The modules of the client, from the folder that CLIENT names, else as they are shipped.

import './dom.js';

const folder = process.env.CLIENT ?? '../../python/vango/client';
const load = (/** @type {string} */ name) => import(`${folder}/${name}.js`);

export const { Machine } = await load('machine');
export const { View } = await load('view');
export const { Reader } = await load('codec');
export const { ELEMENT, TEXT, inside } = await load('live');
export const { http } = await load('http');
export const { Rescue } = await load('rescue');
/** What a page loads later. */
export const Later = Object.assign({}, ...(await Promise.all(['rescue', 'burst', 'effects', 'entries', 'ops', 'one', 'fields', 'forms', 'listen', 'morph', 'nodes'].map(load))));
