create table schema_migrations (id text primary key, applied_at bigint not null);
create table users (
        id text primary key,
        created_at bigint not null,
        last_seen_at bigint not null
      );
create table identities (
        issuer text not null,
        subject text not null,
        user_id text not null references users(id) on delete cascade,
        created_at bigint not null,
        primary key (issuer, subject)
      );
create index identities_by_user on identities(user_id);
create table usage_ledger (
        id text primary key,
        owner text not null,
        meter text not null,
        amount bigint not null,
        at bigint not null
      );
create index usage_ledger_by_owner on usage_ledger(owner, meter, at);
create index usage_ledger_by_age on usage_ledger(at);
create table maintenance_runs (
        name text primary key,
        finished_at bigint not null
      );
create table background_jobs (
        seq bigint generated always as identity primary key,
        id text not null unique,
        name text not null,
        owner text not null,
        unique_key text unique,
        payload text,
        state text not null,
        recurring bigint not null,
        attempts bigint not null default 0,
        run_at bigint not null,
        node text,
        lease_until bigint not null default 0,
        delivery bigint not null default 0,
        error text,
        failed_at bigint
      );
create index background_jobs_by_turn on background_jobs(state, name, owner, run_at, seq);
create index background_jobs_by_time on background_jobs(state, run_at);
create table job_nodes (id text primary key, seen_at bigint not null);
create table audio_files (
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
      );
create unique index audio_files_one_live on audio_files(user_id, content_hash)
        where status in ('generating', 'ready');
create index audio_files_by_hash on audio_files(user_id, content_hash, created_at);
create index audio_files_listed on audio_files(user_id, created_at) where status <> 'expired';
create index audio_files_changed on audio_files(user_id, updated_at) where status <> 'expired';
create index audio_files_tombstones on audio_files(user_id, expired_at) where expired_at is not null;
create index audio_files_due on audio_files(expires_at);
create index audio_files_by_status on audio_files(status);
create table playback_states (
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
      );
create index playback_states_recent on playback_states(user_id, updated_at);
create index playback_states_by_age on playback_states(updated_at);
create table support_apps (
        id text primary key,
        name text not null,
        settings text not null,
        created_at bigint not null,
        updated_at bigint not null
      );
create table support_api_keys (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        name text not null,
        prefix text not null,
        key_hash text not null unique,
        created_at bigint not null,
        expires_at bigint,
        last_used_at bigint,
        revoked_at bigint
      );
create index support_api_keys_by_app on support_api_keys(app_id, created_at);
create table support_devices (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        device_id text not null,
        user_id text,
        platform text not null,
        push_token text,
        push_provider text,
        push_token_at bigint,
        created_at bigint not null,
        updated_at bigint not null,
        last_seen_at bigint not null,
        unique (app_id, device_id)
      );
create index support_devices_by_user on support_devices(app_id, user_id);
create index support_devices_by_token on support_devices(app_id, push_token);
create table support_conversations (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        device_id text not null,
        user_key text not null,
        visitor_id text not null,
        status text not null,
        status_changed_at bigint not null,
        assignee_id text,
        metadata text not null,
        visitor_words text not null,
        created_at bigint not null,
        updated_at bigint not null,
        last_message_id text,
        last_message_body text,
        last_message_sender text,
        last_message_at bigint,
        operator_read_sequence bigint not null,
        unread_count bigint not null,
        unique (app_id, device_id, user_key)
      );
create index support_conversations_recent on support_conversations(app_id, updated_at, id);
create index support_conversations_by_device on support_conversations(app_id, device_id, updated_at);
create index support_conversations_by_user on support_conversations(app_id, user_key);
create table support_messages (
        sequence bigint generated by default as identity primary key,
        id text not null unique,
        app_id text not null,
        conversation_id text not null references support_conversations(id) on delete cascade,
        local_id text not null,
        body text not null,
        sender text not null,
        operator_id text,
        status text not null,
        created_at bigint not null,
        delivered_at bigint,
        read_at bigint,
        unique (conversation_id, local_id)
      );
create index support_messages_in_order on support_messages(conversation_id, sequence);
create index support_messages_by_app on support_messages(app_id, sequence);
create index support_messages_by_age on support_messages(app_id, created_at);
create table support_operators (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        email text not null unique,
        password_hash text not null,
        role text not null,
        is_active bigint not null,
        created_at bigint not null,
        updated_at bigint not null,
        last_seen_at bigint,
        tokens_valid_from bigint not null default 0
      );
create index support_operators_by_app on support_operators(app_id);
create table support_refresh_tokens (
        id text primary key,
        operator_id text not null references support_operators(id) on delete cascade,
        family text not null,
        token_hash text not null unique,
        created_at bigint not null,
        expires_at bigint not null,
        used_at bigint,
        retired_at bigint,
        revoked_at bigint
      );
create index support_refresh_tokens_by_operator on support_refresh_tokens(operator_id);
create index support_refresh_tokens_by_family on support_refresh_tokens(family);
create index support_refresh_tokens_by_expiry on support_refresh_tokens(expires_at);
create table support_invitations (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        email text not null,
        role text not null,
        token_hash text not null unique,
        created_at bigint not null,
        expires_at bigint not null,
        accepted_at bigint
      );
create index support_invitations_by_app on support_invitations(app_id);
create table support_setup_tokens (
        token_hash text primary key,
        created_at bigint not null,
        expires_at bigint not null
      );
create table support_webhooks (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        url text not null,
        events text not null,
        secret text not null,
        is_active bigint not null,
        created_at bigint not null,
        updated_at bigint not null
      );
create index support_webhooks_by_app on support_webhooks(app_id);
create table support_webhook_deliveries (
        id text primary key,
        webhook_id text not null references support_webhooks(id) on delete cascade,
        event text not null,
        payload text not null,
        status text not null,
        http_status bigint,
        response_body text,
        attempts bigint not null,
        created_at bigint not null,
        delivered_at bigint
      );
create index support_webhook_deliveries_recent on support_webhook_deliveries(webhook_id, created_at);
create index support_webhook_deliveries_by_age on support_webhook_deliveries(created_at);
create index support_webhook_deliveries_pending on support_webhook_deliveries(created_at) where status = 'pending';
create table support_pushes (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        device_id text not null,
        message_id text not null,
        status text not null,
        error_code text,
        created_at bigint not null,
        sent_at bigint,
        unique (device_id, message_id)
      );
create index support_pushes_by_age on support_pushes(created_at);
create table support_events (
        id bigint generated by default as identity primary key,
        app_id text not null references support_apps(id) on delete cascade,
        user_id text not null,
        event_name text not null,
        at bigint not null,
        properties text not null,
        user_plan text,
        user_country text,
        session_id text,
        platform text,
        app_version text
      );
create index support_events_by_time on support_events(app_id, at);
create index support_events_by_name on support_events(app_id, event_name, at);
create index support_events_by_user on support_events(app_id, user_id, at);
create table support_onboarding (
        app_id text primary key references support_apps(id) on delete cascade,
        platform text,
        use_case text,
        completed_tasks text not null,
        completed_at bigint,
        updated_at bigint not null
      );
create table support_canned_replies (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        shortcut text not null,
        body text not null,
        created_at bigint not null,
        updated_at bigint not null,
        unique (app_id, shortcut)
      );
set session_replication_role = 'replica';
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffc0-dea9-7e3d-a5c6-9bab11d6ac59', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', '114aac3279d9a05c8c7ae9ec24a284c0c30c34428119f8d5739200fde144a382', 'This is text number 1.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffc0-dea9-7e3d-a5c6-9bab11d6ac59.mp3', '4608', 'db4524470baffe1412b4fa5b401477013b6ca1c19f2c11e42cf6b776ca55cd4f', '500', 'ready', null, '1', '1', '1795292192425', '1795292194476', '4948892192425', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffc0-e25e-72c0-93d4-4e804433161e', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', '383c111d6bbc0cefdbf411c551bf7daf6e7d5446d4c1c5bdc1167e314a78c734', 'This is text number 2.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffc0-e25e-72c0-93d4-4e804433161e.mp3', '4608', '79bb81cd49943241a004bbf8796678249528f534a5acdca88758b057810652eb', '500', 'ready', null, '1', '1', '1795292193374', '1795292194584', '4948892193374', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffc0-e5aa-7299-9dea-6c5ce0f172b2', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'b07bafbcdf887951f1db8c391f11dd82a714aa09c6c81d7c6ea0a51f6d4bf2b0', 'This is text number 3.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffc0-e5aa-7299-9dea-6c5ce0f172b2.mp3', '4608', 'ecab98d08318db4fef722f20ab3821821903c02bef40505705216b333e62822d', '500', 'ready', null, '1', '1', '1795292194218', '1795292195347', '4948892194218', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffc0-ea9e-7d50-97b2-1c921123b549', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'faabf11c84ccf7ea2e958908173b9fbc5172cd6db42e5526df3e6f3cf4caab6a', 'This is text number 4.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffc0-ea9e-7d50-97b2-1c921123b549.mp3', '4608', '44f257d51c47f417fb39088df40b34a980497c0083a1081455ce07adb6572bdb', '500', 'ready', null, '1', '1', '1795292195486', '1795292196144', '4948892195486', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffc0-ec3c-7602-ad1d-d61b0dd84e77', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'fd45493e8bae4b6aac357d25ac1a43bc176a8e9b191221c7168ef34c9f74225d', 'This is text number 5.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffc0-ec3c-7602-ad1d-d61b0dd84e77.mp3', '4608', 'afc6551db31c039286d291c62fe731249e9effa556db894d9189bdf0fbdb8ba6', '500', 'ready', null, '1', '1', '1795292195900', '1795292197204', '4948892195900', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffc0-efc3-7f7f-99a8-34b2e6228937', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', '1f4c18cb010cb6cf3757561dd0394e4bcba50830f5da05e1abc075dd299a67f0', 'This is text number 6.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffc0-efc3-7f7f-99a8-34b2e6228937.mp3', '4608', '680d803edb51c34b176a3ffae678212dd619b541b35e38fb5f6c0693968e4c85', '500', 'ready', null, '1', '1', '1795292196803', '1795292198058', '4948892196803', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffc0-f16a-71f4-9032-fe4b729d7b0e', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'b46eb44e5589ef2243e7aa43831a2aeb0c56cb22a41e6d84c7f2df628687708b', 'This is text number 7.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffc0-f16a-71f4-9032-fe4b729d7b0e.mp3', '4608', '5fe096b75291af47ffc4d06a6df757a33c817d68590983a22c500dfa83ab9d6e', '500', 'ready', null, '1', '1', '1795292197226', '1795292198671', '4948892197226', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffc0-f6d8-70cf-8156-11a62a61abe6', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', '7f19dc67656c57e653a4253f7fcc86e53a9bfd88e27d6d4fb472a8d93682e0f8', 'This is text number 8.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffc0-f6d8-70cf-8156-11a62a61abe6.mp3', '4608', '1d873607e9022ad88d14a5ccf52edcc3428c3d55ea9c812e832da24ea449a82b', '500', 'ready', null, '1', '1', '1795292198616', '1795292199426', '4948892198616', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffc0-f7dc-7765-b656-37e89a193123', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', '64ea482f8ec05ee629e67134a4f698178c11327ca17e9c546899f6ccf0740773', 'This is text number 9.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffc0-f7dc-7765-b656-37e89a193123.mp3', '4608', '5d8e3701f5f54faa53b384b6dc02d1097cd3c76263f98a56cdcf25594589bd6c', '500', 'ready', null, '1', '1', '1795292198876', '1795292199833', '4948892198876', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffc0-facc-7238-82f8-973498b37432', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'd5fb5633938fec26258592bfaa773a8a88f7a7ed4353269dcaaeffc88927af09', 'This is text number 10.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffc0-facc-7238-82f8-973498b37432.mp3', '4608', '4ae2384108a88e105da27b75dcdaa3e05ee3c4e3eeeef8a06b92f82e973d3530', '500', 'ready', null, '1', '1', '1795292199628', '1795292200063', '4948892199628', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffc0-fc67-7c19-a5c4-3d06fb70d12e', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', '770a6c354f9844cc3f2187f20ab4e0f48e82f46242a6f2bd7520527e8aab5f27', 'This is text number 11.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffc0-fc67-7c19-a5c4-3d06fb70d12e.mp3', '4608', 'fcfa904f5b18f56724cf7cbd2c1a97accd45ff304130fce049b3403d3220692a', '500', 'ready', null, '1', '1', '1795292200039', '1795292200858', '4948892200039', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffc0-fd67-7307-b5c9-d16123e67159', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'c1c77c373a3074e36109a56837f27e65e6ff62218f51e9f078c13344f1902195', 'This is text number 12.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffc0-fd67-7307-b5c9-d16123e67159.mp3', '4608', '8b2781e66253c29d4d9e6a42a7661e893f70e8bd7350743c821d6148f515bc01', '500', 'ready', null, '1', '1', '1795292200295', '1795292201732', '4948892200295', null);
insert into "background_jobs" ("seq", "id", "name", "owner", "unique_key", "payload", "state", "recurring", "attempts", "run_at", "node", "lease_until", "delivery", "error", "failed_at") overriding system value values ('1', '01a1ffc0-cf00-7401-a1ca-0c3e438f345a', 'speech.retention', '', 'recurring:speech.retention', 'null', 'waiting', '1', '0', '1795292788416', null, '0', '2', null, null);
insert into "background_jobs" ("seq", "id", "name", "owner", "unique_key", "payload", "state", "recurring", "attempts", "run_at", "node", "lease_until", "delivery", "error", "failed_at") overriding system value values ('2', '01a1ffc0-cf5e-791b-a9b9-5585458e1ee9', 'support.retention', '', 'recurring:support.retention', 'null', 'waiting', '1', '0', '1795295788510', null, '0', '2', null, null);
insert into "identities" ("issuer", "subject", "user_id", "created_at") overriding system value values ('openai-key', '4e936da6b0a62ca387173089e35813551b2a0ac9e27aacedca378a851f744cc7', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', '1795292189198');
insert into "maintenance_runs" ("name", "finished_at") overriding system value values ('speech.retention', '1795292189728');
insert into "maintenance_runs" ("name", "finished_at") overriding system value values ('support.retention', '1795292189549');
insert into "playback_states" ("id", "user_id", "document_id", "title", "text_content", "language_code", "resume_key", "progress", "is_playing", "is_paused", "is_loading", "current_title", "created_at", "updated_at") overriding system value values ('01a1ffc0-e6aa-7b83-8eec-866974bf2140', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'document-3', 't', '', null, 'r', '0.9000799360511591', '1', '0', '0', 't', '1795292194474', '1795292198719');
insert into "playback_states" ("id", "user_id", "document_id", "title", "text_content", "language_code", "resume_key", "progress", "is_playing", "is_paused", "is_loading", "current_title", "created_at", "updated_at") overriding system value values ('01a1ffc0-eb96-7442-9c88-abb7a2a00909', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'document-4', 't', '', null, 'r', '0.9091652284494505', '1', '0', '0', 't', '1795292195734', '1795292199320');
insert into "playback_states" ("id", "user_id", "document_id", "title", "text_content", "language_code", "resume_key", "progress", "is_playing", "is_paused", "is_loading", "current_title", "created_at", "updated_at") overriding system value values ('01a1ffc0-ee44-75fa-84a4-11707544e80b', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'document-0', 't', '', null, 'r', '0.9167360532889259', '1', '0', '0', 't', '1795292196420', '1795292199826');
insert into "playback_states" ("id", "user_id", "document_id", "title", "text_content", "language_code", "resume_key", "progress", "is_playing", "is_paused", "is_loading", "current_title", "created_at", "updated_at") overriding system value values ('01a1ffc0-df97-7e70-bd22-25a37db4c13b', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'document-1', 't', '', null, 'r', '0.9231419568057797', '1', '0', '0', 't', '1795292192663', '1795292200181');
insert into "playback_states" ("id", "user_id", "document_id", "title", "text_content", "language_code", "resume_key", "progress", "is_playing", "is_paused", "is_loading", "current_title", "created_at", "updated_at") overriding system value values ('01a1ffc0-e40b-7dd6-91f1-e479b706f439', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'document-2', 't', '', null, 'r', '0.9286326006280331', '1', '0', '0', 't', '1795292193803', '1795292200754');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('platform-001-users', '1795292180102');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('platform-002-usage', '1795292180102');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('jobs-001-background-jobs', '1795292180102');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('speech-001-audio-files', '1795292180102');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('speech-002-playback-states', '1795292180102');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('support-001-apps-and-devices', '1795292180102');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('support-002-conversations', '1795292180102');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('support-003-operators', '1795292180102');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('support-004-effects', '1795292180102');
insert into "support_api_keys" ("id", "app_id", "name", "prefix", "key_hash", "created_at", "expires_at", "last_used_at", "revoked_at") overriding system value values ('01a1ffc0-d970-7a35-bd56-e86f3de339cd', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'First key', 'rhq_ylYy35Fi', '5b5c556af8d51c0c39abda3ff6ee8b82dc25c92b65f24811dc1239a29d70460a', '1795292191088', null, '1795292191465', null);
insert into "support_apps" ("id", "name", "settings", "created_at", "updated_at") overriding system value values ('9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'House', '{}', '1795292191088', '1795292191088');
insert into "support_conversations" ("id", "app_id", "device_id", "user_key", "visitor_id", "status", "status_changed_at", "assignee_id", "metadata", "visitor_words", "created_at", "updated_at", "last_message_id", "last_message_body", "last_message_sender", "last_message_at", "operator_read_sequence", "unread_count") overriding system value values ('conv_e30a9b1eff0dbf951d98d300', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'ad20b020-6987-45fb-8875-8c7e4ecc59b7', '', 'vis_b50beefc6a6ab6c8f070d1c0', 'open', '1795292191516', null, '{}', 'ad20b020-6987-45fb-8875-8c7e4ecc59b7', '1795292191516', '1795292208243', 'msg_420a845e3257ee0463fc923c', 'operator 11', 'agent', '1795292208243', '0', '12');
insert into "support_devices" ("id", "app_id", "device_id", "user_id", "platform", "push_token", "push_provider", "push_token_at", "created_at", "updated_at", "last_seen_at") overriding system value values ('01a1ffc0-db1c-7950-90d7-6ffd5e8e0a22', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'ad20b020-6987-45fb-8875-8c7e4ecc59b7', null, 'unknown', null, null, null, '1795292191516', '1795292191516', '1795292191516');
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('1', 'msg_40427395989cba0f67b99ef2', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', 'e28eb83f-e646-46b4-9afe-426502df3ae8', 'device 0', 'user', null, 'SENT', '1795292203748', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('2', 'msg_b4a55cd0c42d109fdc3a52d8', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '6ac2749b-0079-4285-af81-d05bf13ead33', 'operator 0', 'agent', '01a1ffc0-da67-78c1-9678-42884ca850d9', 'SENT', '1795292203995', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('3', 'msg_fc28a28031fcfb73bca0ff82', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '26f56234-d001-4e96-9663-d5a819d57561', 'device 1', 'user', null, 'SENT', '1795292204519', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('4', 'msg_450cfb057dd351b2d466ae22', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '08c58610-2c5e-4b52-8786-6f400063a2b9', 'operator 1', 'agent', '01a1ffc0-da67-78c1-9678-42884ca850d9', 'SENT', '1795292204685', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('5', 'msg_8f825d11ae68ec33fe024053', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '82a13b5b-a750-4626-bdc2-87e0ef7baeec', 'device 2', 'user', null, 'SENT', '1795292204894', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('6', 'msg_1b4ed2f7a3609a8efaa262bc', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '3095447d-848d-4758-9129-0624ab7a0a29', 'operator 2', 'agent', '01a1ffc0-da67-78c1-9678-42884ca850d9', 'SENT', '1795292205035', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('7', 'msg_c96a035ab49fdabcb9194a23', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '82899708-20e6-4e78-9da4-ef09ce5db504', 'device 3', 'user', null, 'SENT', '1795292205198', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('8', 'msg_5d3a1829e80b20eb78752536', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '7d13645e-727b-4262-bfa2-5f665e92b637', 'operator 3', 'agent', '01a1ffc0-da67-78c1-9678-42884ca850d9', 'SENT', '1795292205333', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('9', 'msg_2f8a4af5722e6593a672cd43', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', 'ac7a7d5e-8312-4ac8-8e9e-787b752cf665', 'device 4', 'user', null, 'SENT', '1795292205650', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('10', 'msg_53a49740ea3219f00a487a21', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', 'd64f8f47-5995-4ade-adfb-51d5f042f639', 'operator 4', 'agent', '01a1ffc0-da67-78c1-9678-42884ca850d9', 'SENT', '1795292205738', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('11', 'msg_5a3119b16014e7597ca6061a', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '53d25015-4129-40d8-98bd-3ac12e74a7f1', 'operator 5', 'agent', '01a1ffc0-da67-78c1-9678-42884ca850d9', 'SENT', '1795292205944', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('12', 'msg_ff48e3f689e04a6a2722d0d5', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '57b9d5c2-efb9-43b4-9dcd-ac0273fc7596', 'device 5', 'user', null, 'SENT', '1795292206114', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('13', 'msg_b62ce006418f0d74a372f271', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', 'b24f3e1e-7fc4-4d86-8518-93a18c462dee', 'device 6', 'user', null, 'SENT', '1795292206240', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('14', 'msg_d98e3f104c7aa82fedc5591e', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '2d951c1d-972e-43aa-9adb-5ff75c0057f3', 'operator 6', 'agent', '01a1ffc0-da67-78c1-9678-42884ca850d9', 'SENT', '1795292206358', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('15', 'msg_78aa76891a85a3f65fa88a31', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', 'd6cbb6cc-744c-4473-925a-d3c55e33b10f', 'device 7', 'user', null, 'SENT', '1795292206598', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('16', 'msg_79b7e5e11be67baa22b7a04e', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', 'fadafbbe-1932-4513-ae95-571ca0e1036e', 'operator 7', 'agent', '01a1ffc0-da67-78c1-9678-42884ca850d9', 'SENT', '1795292206806', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('17', 'msg_748477aac83e32bf2b793967', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '3771e3ba-fa9f-4172-8a04-2db66739f4d2', 'operator 8', 'agent', '01a1ffc0-da67-78c1-9678-42884ca850d9', 'SENT', '1795292207170', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('18', 'msg_dba1a7e4397780902d6ff77c', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '9ecf655a-7655-429c-9df4-ecd6a18a64da', 'device 8', 'user', null, 'SENT', '1795292207332', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('19', 'msg_b70b8bcd9b427c38ed5e13d0', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '310c8256-e7a4-4514-b71e-2f71acefb48f', 'device 9', 'user', null, 'SENT', '1795292207543', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('20', 'msg_cfea73d2ee56f833fbe91bad', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', 'eb530e48-fbba-461f-a990-bc8d684667c5', 'operator 9', 'agent', '01a1ffc0-da67-78c1-9678-42884ca850d9', 'SENT', '1795292207651', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('21', 'msg_b90f7b66841a7be66298b3f8', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '2d087481-92a5-4346-8037-03fa50ad9aa8', 'device 10', 'user', null, 'SENT', '1795292207842', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('22', 'msg_aa4a6c3e833ba512defd3930', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', 'fd9fd0de-9d99-4c36-8c90-0a7655e612f5', 'operator 10', 'agent', '01a1ffc0-da67-78c1-9678-42884ca850d9', 'SENT', '1795292207958', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('23', 'msg_9401a42e7282df74908c11a3', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '8f246df1-b7c0-4ec6-b3a9-ece49e306210', 'device 11', 'user', null, 'SENT', '1795292208129', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('24', 'msg_420a845e3257ee0463fc923c', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', 'conv_e30a9b1eff0dbf951d98d300', '062df393-daee-459a-aa5a-c12c788c761e', 'operator 11', 'agent', '01a1ffc0-da67-78c1-9678-42884ca850d9', 'SENT', '1795292208243', null, null);
insert into "support_operators" ("id", "app_id", "email", "password_hash", "role", "is_active", "created_at", "updated_at", "last_seen_at", "tokens_valid_from") overriding system value values ('01a1ffc0-da67-78c1-9678-42884ca850d9', '9b7d0ca0-4d33-4d98-839d-ae910eae5309', '22f4fb80-6a17-4544-bb18-8869b17fe3ab@shop.example', '$scrypt$ln=15,r=8,p=3$POBw-xkCKlmI_xuLmOdJ1g$TGoUAURYuCmGK5aUPlWCQ-g8FFRUIBHQygYrANFhuhg', 'OWNER', '1', '1795292191335', '1795292191335', '1795292208130', '0');
insert into "support_refresh_tokens" ("id", "operator_id", "family", "token_hash", "created_at", "expires_at", "used_at", "retired_at", "revoked_at") overriding system value values ('01a1ffc0-da6d-76fa-ac48-aa5ee2e045a1', '01a1ffc0-da67-78c1-9678-42884ca850d9', '01a1ffc0-da69-775d-8694-84d3f780cae3', 'ecd7746e07c94c1ff6b76d4b5fc08e56930ec434ef652ee77bc4bddabdebf5b5', '1795292191341', '1795896991341', null, null, null);
insert into "support_refresh_tokens" ("id", "operator_id", "family", "token_hash", "created_at", "expires_at", "used_at", "retired_at", "revoked_at") overriding system value values ('01a1ffc0-de50-786b-9e74-825aaef5c484', '01a1ffc0-da67-78c1-9678-42884ca850d9', '01a1ffc0-de4f-7217-ab74-85b68f3d2b6a', '506e2c1e286f6d094aebd311477b89eea3f43cfa4cf0e7a6b6887a392125db68', '1795292192336', '1795896992336', null, null, null);
insert into "support_setup_tokens" ("token_hash", "created_at", "expires_at") overriding system value values ('2432b14da290149fc31ab30f9e78bde1b81a1f174c797d5a96b7c9fd48342bb7', '1795292188739', '1795378588739');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffc0-dea9-79cc-baf4-79d35965ac9d', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'speech.characters', '22', '1795292192425');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffc0-e25e-7ebb-b837-2084365459d6', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'speech.characters', '22', '1795292193374');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffc0-e5aa-7ad8-ac5b-21ce71d22eb1', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'speech.characters', '22', '1795292194218');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffc0-ea9e-7c0f-97d6-ab27b7cb21af', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'speech.characters', '22', '1795292195486');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffc0-ec3c-7ee9-b4ee-62d0e628a20a', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'speech.characters', '22', '1795292195900');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffc0-efc3-7650-b617-6d5004c457d0', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'speech.characters', '22', '1795292196803');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffc0-f16a-7dd1-baec-0f79e2f4adc6', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'speech.characters', '22', '1795292197226');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffc0-f6d8-72dc-9703-bd2d61e32b0c', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'speech.characters', '22', '1795292198616');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffc0-f7dc-7a2c-973f-14951a0d7187', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'speech.characters', '22', '1795292198876');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffc0-facc-789d-93c3-4124e85e24e4', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'speech.characters', '23', '1795292199628');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffc0-fc67-7110-b75f-839fe8afbbc1', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'speech.characters', '23', '1795292200039');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffc0-fd67-7dcd-b96c-4fab485b5f2f', 'c8540b87-2efc-4b22-b56f-0dafe34a1828', 'speech.characters', '23', '1795292200295');
insert into "users" ("id", "created_at", "last_seen_at") overriding system value values ('c8540b87-2efc-4b22-b56f-0dafe34a1828', '1795292189198', '1795292203381');
select setval('background_jobs_seq_seq', 14);
select setval('support_messages_sequence_seq', 24);
set session_replication_role = 'origin';
