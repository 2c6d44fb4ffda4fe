import type { OperatorSession } from './service.js';
import type { Operator } from './store.js';

export const presentTokens = (session: OperatorSession) => ({
  access_token: session.accessToken,
  refresh_token: session.refreshToken,
  token_type: 'Bearer' as const,
  expires_in: session.expiresIn,
});

export const presentUser = ({ id, email, role, app_id }: Operator) => ({ id, email, role, app_id });

/** A sign-in as the pages keep it (contract §10.1). */
export const presentSession = (session: OperatorSession) => ({
  ...presentTokens(session),
  user: presentUser(session.operator),
});
