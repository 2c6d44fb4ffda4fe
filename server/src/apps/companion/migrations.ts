import type { Migration } from '../../platform/database/migrations.js';

const OWNER = 'user_id text not null references users(id) on delete cascade';

export const companionMigrations: readonly Migration[] = [
  {
    id: 'companion-001-conversations',
    statements: [
      `create table companion_profiles (
        user_id text primary key references users(id) on delete cascade,
        language text,
        time_zone text,
        store_recordings integer,
        private_cloud_sync integer not null,
        preferred_app_id text,
        geolocation text,
        speech_profile_key text,
        created_at bigint not null,
        updated_at bigint not null
      )`,
      `create table companion_people (
        id text primary key,
        ${OWNER},
        name text not null,
        speech_samples text not null,
        created_at bigint not null,
        updated_at bigint not null
      )`,
      'create index companion_people_by_user on companion_people(user_id)',
      `create table companion_conversations (
        id text primary key,
        ${OWNER},
        status text not null,
        source text not null,
        language text,
        created_at bigint not null,
        started_at bigint not null,
        finished_at bigint not null,
        timeout_seconds integer not null,
        title text not null,
        overview text not null,
        emoji text not null,
        category text not null,
        events text not null,
        discarded integer not null,
        visibility text not null,
        geolocation text,
        apps_results text not null,
        external_data text,
        revision bigint not null,
        updated_at bigint not null
      )`,
      'create index companion_conversations_newest on companion_conversations(user_id, created_at desc, id desc)',
      'create index companion_conversations_by_time on companion_conversations(user_id, started_at)',
      "create unique index companion_conversations_live on companion_conversations(user_id) where status = 'in_progress'",
      "create index companion_conversations_unfinished on companion_conversations(finished_at) where status in ('in_progress', 'processing')",
      `create table companion_segments (
        id text primary key,
        conversation_id text not null references companion_conversations(id) on delete cascade,
        ${OWNER},
        text text not null,
        speaker text not null,
        is_user integer not null,
        person_id text references companion_people(id) on delete set null,
        start_at double precision not null,
        end_at double precision not null,
        translations text not null,
        source text,
        asr_provider text,
        created_at bigint not null,
        updated_at bigint not null
      )`,
      'create index companion_segments_in_order on companion_segments(conversation_id, start_at)',
      'create index companion_segments_by_user on companion_segments(user_id)',
      'create index companion_segments_by_person on companion_segments(person_id)',
      `create table companion_photos (
        id text primary key,
        conversation_id text not null references companion_conversations(id) on delete cascade,
        ${OWNER},
        media_key text not null,
        media_type text not null,
        description text,
        discarded integer not null,
        created_at bigint not null
      )`,
      'create index companion_photos_by_conversation on companion_photos(conversation_id, created_at)',
      'create index companion_photos_by_user on companion_photos(user_id)',
      `create table companion_action_items (
        id text primary key,
        ${OWNER},
        conversation_id text references companion_conversations(id) on delete set null,
        position integer not null,
        description text not null,
        completed integer not null,
        due_at bigint,
        completed_at bigint,
        deleted integer not null,
        created_at bigint not null,
        updated_at bigint not null
      )`,
      'create index companion_action_items_in_order on companion_action_items(user_id, (case when due_at is null then 1 else 0 end), due_at, created_at desc, id desc)',
      'create index companion_action_items_by_conversation on companion_action_items(conversation_id, position)',
      `create table companion_memories (
        id text primary key,
        ${OWNER},
        conversation_id text references companion_conversations(id) on delete set null,
        content text not null,
        category text not null,
        visibility text not null,
        tags text not null,
        reviewed integer not null,
        user_review integer,
        manually_added integer not null,
        edited integer not null,
        app_id text,
        created_at bigint not null,
        updated_at bigint not null
      )`,
      'create index companion_memories_by_score on companion_memories(user_id, manually_added desc, category, created_at desc, id desc)',
      'create index companion_memories_by_conversation on companion_memories(conversation_id)',
    ],
  },
  {
    id: 'companion-002-chat-and-settings',
    statements: [
      `create table companion_chat_messages (
        id text primary key,
        ${OWNER},
        app_id text not null,
        sender text not null,
        type text not null,
        text text not null,
        conversation_ids text not null,
        file_ids text not null,
        reported integer not null,
        rating integer,
        position bigint not null,
        created_at bigint not null
      )`,
      'create unique index companion_chat_in_order on companion_chat_messages(user_id, app_id, position)',
      `create table companion_chat_files (
        id text primary key,
        ${OWNER},
        name text not null,
        mime_type text not null,
        media_key text not null,
        thumbnail_key text,
        size bigint not null,
        created_at bigint not null
      )`,
      'create index companion_chat_files_by_user on companion_chat_files(user_id)',
      `create table companion_devices (
        token text primary key,
        ${OWNER},
        time_zone text,
        updated_at bigint not null
      )`,
      'create index companion_devices_by_user on companion_devices(user_id)',
      `create table companion_webhooks (
        ${OWNER},
        type text not null,
        url text not null,
        seconds integer,
        enabled integer not null,
        updated_at bigint not null,
        primary key (user_id, type)
      )`,
      `create table companion_offline_files (
        ${OWNER},
        file_name text not null,
        sha256 text not null,
        status text not null,
        media_key text,
        result text,
        created_at bigint not null,
        updated_at bigint not null,
        primary key (user_id, file_name, sha256)
      )`,
      `create table companion_usage (
        ${OWNER},
        day text not null,
        transcription_seconds double precision not null,
        words_transcribed integer not null,
        insights_gained integer not null,
        memories_created integer not null,
        primary key (user_id, day)
      )`,
      `create table companion_transcriptions (
        id text primary key,
        ${OWNER},
        status text not null,
        text text not null,
        segments text not null,
        language text,
        duration double precision not null,
        conversation_id text references companion_conversations(id) on delete set null,
        created_at bigint not null
      )`,
      'create index companion_transcriptions_by_user on companion_transcriptions(user_id)',
    ],
  },
  {
    id: 'companion-003-streams',
    statements: [
      `create table companion_streams (
        id text primary key,
        ${OWNER},
        conversation_id text references companion_conversations(id) on delete set null,
        settled double precision not null,
        created_at bigint not null,
        updated_at bigint not null
      )`,
      'create index companion_streams_by_user on companion_streams(user_id)',
      'create index companion_streams_by_conversation on companion_streams(conversation_id)',
      `create table companion_unheard (
        id text primary key,
        ${OWNER},
        conversation_id text references companion_conversations(id) on delete set null,
        media_key text not null,
        language text,
        clock text not null,
        seconds double precision not null,
        created_at bigint not null
      )`,
      'create index companion_unheard_by_user on companion_unheard(user_id)',
      'create index companion_unheard_by_conversation on companion_unheard(conversation_id)',
    ],
  },
  {
    id: 'companion-004-sign-in-codes',
    statements: [
      `create table companion_sign_in_codes (
        digest text primary key,
        sealed text not null,
        expires_at bigint not null
      )`,
      'create index companion_sign_in_codes_by_end on companion_sign_in_codes(expires_at)',
    ],
  },
];
