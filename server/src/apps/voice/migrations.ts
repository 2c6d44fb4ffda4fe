import type { Migration } from '../../platform/database/migrations.js';

export const voiceMigrations: readonly Migration[] = [
  {
    id: 'voice-001-history',
    statements: [
      `create table voice_sessions (
        id text primary key,
        owner text not null,
        session_id text not null,
        started_at bigint not null,
        ended_at bigint,
        updated_at bigint not null,
        unique (owner, session_id)
      )`,
      'create index voice_sessions_listed on voice_sessions(owner, updated_at)',
      'create index voice_sessions_by_age on voice_sessions(updated_at)',
      `create table voice_messages (
        id text primary key,
        session text not null references voice_sessions(id) on delete cascade,
        sender text not null check (sender in ('user', 'bot')),
        message_text text not null,
        created_at bigint not null
      )`,
      'create index voice_messages_listed on voice_messages(session, created_at, id)',
    ],
  },
];
