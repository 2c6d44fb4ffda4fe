import type { CachePolicy } from '../cache-policies.js';
import { readThrough } from '../cache-policies.js';
import type { HttpClient } from '../http/client.js';
import type { LocalStore } from '../stores/local-store.js';
import { readSetting, writeSetting } from '../stores/settings.js';
import type { Profile, Usage } from '../wire/account.js';

/** The user's profile and what they have used: the server's, or what it said last (contract §7.3). */
export interface AccountRepository {
  profile(options?: { readonly policy?: CachePolicy }): Promise<Profile>;
  /** @throws EarshotError when offline: a profile is not queued */
  updateProfile(fields: { readonly name?: string; readonly preferredLanguage?: string }): Promise<Profile>;
  usage(options?: { readonly policy?: CachePolicy }): Promise<Usage>;
}

export function createAccountRepository(parts: {
  readonly http: HttpClient;
  readonly store: LocalStore;
  readonly onUsage: (usage: Usage) => void;
}): AccountRepository {
  const { http, store } = parts;
  const keep = async <T>(key: string, value: T): Promise<T> => {
    await store.write((tx) => writeSetting(tx, key, value));
    return value;
  };
  const read = <T>(key: string, policy: CachePolicy, fetched: () => Promise<T>): Promise<T> =>
    readThrough(policy, {
      cached: () => store.read((tx) => readSetting<T>(tx, key)),
      fetched: async () => keep(key, await fetched()),
    });
  return {
    profile: ({ policy = 'networkFirst' } = {}) =>
      read('cache:profile', policy, () => http.data<Profile>({ path: '/api/user/profile' })),
    updateProfile: async (fields) =>
      keep(
        'cache:profile',
        await http.data<Profile>({ method: 'PATCH', path: '/api/user/profile', body: fields }),
      ),
    usage: ({ policy = 'networkFirst' } = {}) =>
      read('cache:usage', policy, async () => {
        const usage = await http.data<Usage>({ path: '/api/user/usage' });
        parts.onUsage(usage);
        return usage;
      }),
  };
}
