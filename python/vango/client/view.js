// The document of the page, kept at what the server says.

import { adopt } from './adopt.js';
import { Burst } from './apply.js';
import { Reader } from './codec.js';
import { Events } from './events.js';
import { Inputs } from './inputs.js';
import { Live } from './live.js';
import { morph } from './morph.js';
import { readOps, readSnapshot } from './ops.js';

/** How many bytes of the burst `04 0 0 node` stand before the node. */
const REPLACE_ROOT = 3;

export class View {
  live = new Live();

  /** @param {Document} page @param {number} [count] how many nodes the server has written */
  constructor(page, count) {
    this.inputs = new Inputs(page);
    this.events = new Events(page, this.live, this.inputs);
    /** The page is what the server believes it to be. */
    this.adopted = adopt(this.live, page.body, count);
    this.inputs.adopt(page.body);
    this.events.sync();
  }

  /**
   * Apply the ops of one burst, all or none.
   * @param {Uint8Array} burst
   * @param {Partial<import('./bursts.js').BurstInfo>} [info]
   * @returns {Set<number>} elements that something else has rearranged: to be fetched again, 0 is everything
   * @throws {Error} it cannot be applied; nothing has changed
   */
  apply = (burst, { snapshot = false, sameEpoch = true, count } = {}) => {
    const { live, inputs, events } = this;
    const ops = new Burst(live);
    if (snapshot) {
      morph(live, readSnapshot(new Reader(burst, REPLACE_ROOT)), sameEpoch, inputs, count);
    } else {
      try {
        readOps(new Reader(burst), ops);
        ops.check(count);
      } catch (error) {
        ops.rollback();
        throw error;
      }
      for (const write of ops.writes) inputs.write(write);
    }
    events.sync();
    return ops.strays;
  };
}
