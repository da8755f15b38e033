// What no page needs for its first click, and most need soon after: one module, loaded behind the rest.

import { announce } from './announce.js';
import { Burst } from './burst.js';
import { perform } from './effects.js';
import { Entries } from './entries.js';
import { Forms } from './forms.js';
import { inflate } from './inflate.js';
import { Listen } from './listen.js';
import { morph } from './morph.js';
import { Navigation } from './navigate.js';
import { setOne } from './one.js';
import { Rescue } from './rescue.js';

export const later = { Burst, Entries, Forms, Listen, Navigation, Rescue, inflate, morph, perform, setOne };

announce();
/** Its stylesheet comes behind it, too: what it styles does not show before. */
const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: new URL('./later.css', import.meta.url) });
document.head.append(sheet);
