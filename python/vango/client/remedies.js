// What an ERROR asks of the client, by its kind (PROTOCOL section 4).

/**
 * auth: somebody must sign in. reload: the page is of another version. anew: take the session that comes.
 * retry: come back within the bounds. resync: once. slow: ask less often. stay: it concerns one event.
 */
const REMEDIES = {
  auth: /^(Unauthorized|AuthExpired|CsrfInvalid)$/,
  reload: /^(VersionNotSupported|SchemaMismatch)$/,
  anew: /^(SessionExpired|SessionNotFound)$/,
  retry: /^(Rebalance|Rehome|ServerBusy|Draining|Internal)$/,
  resync: /^(InvalidFrame|UnknownKind|BurstInterleaved)$/,
  slow: /^RateLimited$/,
  stay: /^TooBig$/,
};
const BY_SCOPE = ['stay', 'anew', 'retry'];

/** @param {string} kind @param {number} scope decides for kinds that are not known */
export const remedy = (kind, scope) =>
  Object.entries(REMEDIES).find(([, kinds]) => kinds.test(kind))?.[0] ?? BY_SCOPE[scope];
