import type { Config } from '../config.js';
import type { SpeechEngine } from './ai/engines.js';
import type { ImageGenerator } from './ai/image-generator.js';
import type { TextGenerator } from './ai/text-generator.js';
import type { Transcriber } from './ai/transcriber.js';
import type { Changes } from './changes/changes.js';
import type { Clock } from './clock.js';
import type { Database } from './database/database.js';
import type { Migration } from './database/migrations.js';
import type { Events } from './events/events.js';
import type { PublicHttp } from './http/public-addresses.js';
import type { HttpServer } from './http/server.js';
import type { HealthMembers } from './http/shared-health.js';
import type { Identity } from './identity/identity.js';
import type { Jobs } from './jobs/jobs.js';
import type { RateLimits } from './limits/rate-limits.js';
import type { Media } from './media/media.js';
import type { Presence } from './presence/presence.js';
import type { Push } from './push/push.js';
import type { Search } from './search/search.js';
import type { Secrets } from './secrets.js';
import type { Log } from './telemetry/log.js';
import type { Metrics } from './telemetry/metrics.js';
import type { Tracer } from './telemetry/tracer.js';

/** Everything an app stands on: one of each port, already connected. */
export interface Platform extends Identity {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly secrets: Secrets;
  readonly database: Database;
  readonly media: Media;
  readonly jobs: Jobs;
  readonly events: Events;
  /** What changed for whom, in order: the sequence that devices sync by. */
  readonly changes: Changes;
  readonly search: Search;
  readonly limits: RateLimits;
  readonly presence: Presence;
  readonly push: Push;
  /** For addresses that users named: never reaches this server's own network. */
  readonly publicHttp: PublicHttp;
  readonly speech: SpeechEngine;
  readonly transcriber: Transcriber;
  readonly text: TextGenerator;
  readonly images: ImageGenerator;
  /** A folder for files in the making, on the same disk as local media. */
  readonly scratchDirectory: string;
}

/** An app's manifest: what `apps/<name>/index.ts` exports. */
export interface App {
  readonly name: string;
  readonly title: string;
  /** One sentence for the home page. */
  readonly summary: string;
  /** Where its page is, when it has one. */
  readonly page: string | null;
  /** Further paths under which the pages' document is served. */
  readonly morePages?: readonly string[];
  readonly migrations: readonly Migration[];
  /** Builds the app over the platform: defines its jobs and adds its routes. Runs after the migrations, before listening. */
  install(platform: Platform, server: HttpServer): Promise<InstalledApp>;
}

/** What an account has used of an app. */
export interface AccountUsage {
  readonly series: readonly {
    /** What is counted, in the plural: `stories`. */
    readonly unit: string;
    /** By UTC day (`2026-01-31`); days without any may be left out. */
    readonly days: ReadonlyMap<string, number>;
  }[];
  /** Bytes of the user's media, where the app knows them without looking at each. */
  readonly storedBytes?: number;
}

export interface InstalledApp {
  /** What the user has used since an instant (epoch milliseconds), for the console. */
  accountUsage?(userId: string, since: number): Promise<AccountUsage>;
  /** Mends what an earlier process left behind; runs once before the server accepts requests. */
  recover?(): Promise<void>;
  /** How many clients hold a socket open on this node, for `/health`. */
  openSockets?(): number;
  /** What it says at `GET /api/health`, which apps share. */
  readonly apiHealth?: HealthMembers;
}
