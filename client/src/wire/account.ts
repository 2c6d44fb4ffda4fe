/** Accounts and use of the server (contract §2 and §3.4). */

export type User = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified?: boolean;
  readonly image?: string | null;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly totalStoriesGenerated?: number;
  readonly totalAudioGenerated?: number;
  readonly totalIllustrationsGenerated?: number;
  readonly lastStoryGeneratedAt?: string | null;
};

/** What sign-up, sign-in and refresh answer; the same at the root and inside `data`. */
export interface SessionAnswer {
  readonly token?: string;
  readonly user?: User;
  readonly session?: { readonly token?: string; readonly expiresAt?: string };
  readonly data?: {
    readonly user?: User;
    readonly session?: { readonly token?: string; readonly expiresAt?: string };
  };
}

export type Profile = Omit<User, 'name'> & {
  readonly name: string | null;
  readonly preferredLanguage?: string | null;
  readonly _count?: { readonly heroes?: number; readonly customEvents?: number; readonly stories?: number };
};

export type RateLimit = {
  readonly limit: number;
  readonly remaining: number;
  /** ISO 8601, or epoch milliseconds in older answers. */
  readonly resetAt: string | number;
};

export type LimitedOperation =
  | 'story_generation'
  | 'audio_generation'
  | 'avatar_generation'
  | 'illustration_generation'
  | 'ai_assistant';

export type Usage = {
  readonly period?: { readonly startDate: string; readonly endDate: string };
  readonly summary?: {
    readonly totalRequests: number;
    readonly successfulRequests: number;
    readonly failedRequests: number;
    readonly successRate: number;
    readonly totalCost: number;
    readonly totalTokens: number;
  };
  readonly rateLimits?: Readonly<Partial<Record<LimitedOperation, RateLimit>>>;
};
