import type { Migration } from '../../platform/database/migrations.js';

export const speechMigrations: readonly Migration[] = [
  {
    id: 'speech-001-audio-files',
    statements: [
      `create table audio_files (
        id text primary key,
        user_id text not null references users(id) on delete cascade,
        content_hash text not null,
        text_content text not null,
        title text,
        voice text not null,
        model text not null,
        format text not null,
        speed double precision not null,
        instructions text,
        file_name text,
        file_size bigint,
        file_sha256 text,
        duration_ms bigint,
        status text not null,
        failure text,
        chunks_done bigint not null,
        chunks_total bigint not null,
        created_at bigint not null,
        updated_at bigint not null,
        expires_at bigint not null,
        expired_at bigint
      )`,
      // One living file per user and content: what makes five simultaneous requests one job, on any number of nodes.
      `create unique index audio_files_one_live on audio_files(user_id, content_hash)
        where status in ('generating', 'ready')`,
      'create index audio_files_by_hash on audio_files(user_id, content_hash, created_at)',
      `create index audio_files_listed on audio_files(user_id, created_at) where status <> 'expired'`,
      `create index audio_files_changed on audio_files(user_id, updated_at) where status <> 'expired'`,
      'create index audio_files_tombstones on audio_files(user_id, expired_at) where expired_at is not null',
      'create index audio_files_due on audio_files(expires_at)',
      'create index audio_files_by_status on audio_files(status)',
    ],
  },
  {
    id: 'speech-002-playback-states',
    statements: [
      `create table playback_states (
        id text primary key,
        user_id text not null references users(id) on delete cascade,
        document_id text not null,
        title text not null,
        text_content text not null,
        language_code text,
        resume_key text not null,
        progress double precision not null,
        is_playing bigint not null,
        is_paused bigint not null,
        is_loading bigint not null,
        current_title text not null,
        created_at bigint not null,
        updated_at bigint not null,
        unique (user_id, document_id)
      )`,
      'create index playback_states_recent on playback_states(user_id, updated_at)',
      'create index playback_states_by_age on playback_states(updated_at)',
    ],
  },
  {
    id: 'speech-003-list-version',
    statements: [
      // Holds all that the entity tag of the whole list is made of, so that no row is read for it.
      `create index audio_files_list_version on audio_files(user_id, updated_at, expires_at, status, chunks_done)
        where status <> 'expired'`,
    ],
  },
];
