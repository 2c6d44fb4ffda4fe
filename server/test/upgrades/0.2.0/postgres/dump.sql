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
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffcb-e478-7a1e-a05c-7ce4b2bae917', '90e44e08-1287-4ece-8d1b-ce8e3c2ff52e', '114aac3279d9a05c8c7ae9ec24a284c0c30c34428119f8d5739200fde144a382', 'This is text number 1.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffcb-e478-7a1e-a05c-7ce4b2bae917.mp3', '4608', 'db4524470baffe1412b4fa5b401477013b6ca1c19f2c11e42cf6b776ca55cd4f', '500', 'ready', null, '1', '1', '1795292914808', '1795292915834', '4948892914808', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffcb-e524-7d1d-acb2-60c0f4c38d04', '90e44e08-1287-4ece-8d1b-ce8e3c2ff52e', '383c111d6bbc0cefdbf411c551bf7daf6e7d5446d4c1c5bdc1167e314a78c734', 'This is text number 2.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffcb-e524-7d1d-acb2-60c0f4c38d04.mp3', '4608', '79bb81cd49943241a004bbf8796678249528f534a5acdca88758b057810652eb', '500', 'ready', null, '1', '1', '1795292914980', '1795292916012', '4948892914980', null);
insert into "audio_files" ("id", "user_id", "content_hash", "text_content", "title", "voice", "model", "format", "speed", "instructions", "file_name", "file_size", "file_sha256", "duration_ms", "status", "failure", "chunks_done", "chunks_total", "created_at", "updated_at", "expires_at", "expired_at") overriding system value values ('01a1ffcb-e6f0-72d4-9251-20f8fd5a2761', '90e44e08-1287-4ece-8d1b-ce8e3c2ff52e', 'b07bafbcdf887951f1db8c391f11dd82a714aa09c6c81d7c6ea0a51f6d4bf2b0', 'This is text number 3.', null, 'nova', 'tts-1', 'mp3', '1', null, '01a1ffcb-e6f0-72d4-9251-20f8fd5a2761.mp3', '4608', 'ecab98d08318db4fef722f20ab3821821903c02bef40505705216b333e62822d', '500', 'ready', null, '1', '1', '1795292915440', '1795292916009', '4948892915440', null);
insert into "background_jobs" ("seq", "id", "name", "owner", "unique_key", "payload", "state", "recurring", "attempts", "run_at", "node", "lease_until", "delivery", "error", "failed_at") overriding system value values ('1', '01a1ffcb-d8bc-715d-b649-fb7db8c96b65', 'speech.retention', '', 'recurring:speech.retention', 'null', 'waiting', '1', '0', '1795293511804', null, '0', '2', null, null);
insert into "background_jobs" ("seq", "id", "name", "owner", "unique_key", "payload", "state", "recurring", "attempts", "run_at", "node", "lease_until", "delivery", "error", "failed_at") overriding system value values ('2', '01a1ffcb-d8e8-7f65-9c4d-dae530e42231', 'support.retention', '', 'recurring:support.retention', 'null', 'waiting', '1', '0', '1795296511848', null, '0', '2', null, null);
insert into "identities" ("issuer", "subject", "user_id", "created_at") overriding system value values ('openai-key', 'f1b8716230684c570ff5b81f76a33897baf0f31b283a091b7d451a0dd2733b28', '90e44e08-1287-4ece-8d1b-ce8e3c2ff52e', '1795292913091');
insert into "maintenance_runs" ("name", "finished_at") overriding system value values ('speech.retention', '1795292912773');
insert into "maintenance_runs" ("name", "finished_at") overriding system value values ('support.retention', '1795292912825');
insert into "playback_states" ("id", "user_id", "document_id", "title", "text_content", "language_code", "resume_key", "progress", "is_playing", "is_paused", "is_loading", "current_title", "created_at", "updated_at") overriding system value values ('01a1ffcb-e4b7-73d1-90a0-c58944e750fb', '90e44e08-1287-4ece-8d1b-ce8e3c2ff52e', 'document-1', 't', '', null, 'r', '0.6667777407530823', '1', '0', '0', 't', '1795292914871', '1795292914871');
insert into "playback_states" ("id", "user_id", "document_id", "title", "text_content", "language_code", "resume_key", "progress", "is_playing", "is_paused", "is_loading", "current_title", "created_at", "updated_at") overriding system value values ('01a1ffcb-e607-7233-b014-3931a2d40711', '90e44e08-1287-4ece-8d1b-ce8e3c2ff52e', 'document-2', 't', '', null, 'r', '0.7501249375312344', '1', '0', '0', 't', '1795292915207', '1795292915207');
insert into "playback_states" ("id", "user_id", "document_id", "title", "text_content", "language_code", "resume_key", "progress", "is_playing", "is_paused", "is_loading", "current_title", "created_at", "updated_at") overriding system value values ('01a1ffcb-e81f-7eb4-8cc4-bf14743dbbd2', '90e44e08-1287-4ece-8d1b-ce8e3c2ff52e', 'document-3', 't', '', null, 'r', '0.8001199280431741', '1', '0', '0', 't', '1795292915743', '1795292915743');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('platform-001-users', '1795292907025');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('platform-002-usage', '1795292907025');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('jobs-001-background-jobs', '1795292907025');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('speech-001-audio-files', '1795292907025');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('speech-002-playback-states', '1795292907025');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('support-001-apps-and-devices', '1795292907025');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('support-002-conversations', '1795292907025');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('support-003-operators', '1795292907025');
insert into "schema_migrations" ("id", "applied_at") overriding system value values ('support-004-effects', '1795292907025');
insert into "support_api_keys" ("id", "app_id", "name", "prefix", "key_hash", "created_at", "expires_at", "last_used_at", "revoked_at") overriding system value values ('01a1ffcb-e205-77f0-96d9-e81bdd66f89d', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'First key', 'rhq_ApsGgmtX', 'dc66f0d30e15fd16dcd6931c1c5cc00024edbf5072dcf47d77964e079ef9f776', '1795292914181', null, '1795292914199', null);
insert into "support_apps" ("id", "name", "settings", "created_at", "updated_at") overriding system value values ('4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'House', '{}', '1795292914181', '1795292914181');
insert into "support_conversations" ("id", "app_id", "device_id", "user_key", "visitor_id", "status", "status_changed_at", "assignee_id", "metadata", "visitor_words", "created_at", "updated_at", "last_message_id", "last_message_body", "last_message_sender", "last_message_at", "operator_read_sequence", "unread_count") overriding system value values ('conv_368fbeccefce6db245502c7c', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', '3f378948-fb74-45f5-8a89-b126d72f716e', '', 'vis_cc319f95bbd8ee4069526f06', 'open', '1795292914200', null, '{}', '3f378948-fb74-45f5-8a89-b126d72f716e', '1795292914200', '1795292917180', 'msg_4b1328730796c62c673ebc85', 'operator 5', 'agent', '1795292917180', '0', '6');
insert into "support_devices" ("id", "app_id", "device_id", "user_id", "platform", "push_token", "push_provider", "push_token_at", "created_at", "updated_at", "last_seen_at") overriding system value values ('01a1ffcb-e218-7ff1-99c0-89d07a3ba60c', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', '3f378948-fb74-45f5-8a89-b126d72f716e', null, 'unknown', null, null, null, '1795292914200', '1795292914200', '1795292914200');
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('1', 'msg_ed0b7d45a26f2c883ec0f8eb', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'conv_368fbeccefce6db245502c7c', 'e8a28060-13b8-4aa2-97a0-074b5659c5d9', 'device 0', 'user', null, 'SENT', '1795292916752', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('2', 'msg_36b4964a0c735252b7662062', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'conv_368fbeccefce6db245502c7c', '55282cfb-2489-4709-88a1-9023100e52a2', 'operator 0', 'agent', '01a1ffcb-e20b-73ab-bd9c-1edd9aa99af5', 'SENT', '1795292916809', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('3', 'msg_b646ab4004f11e2e0a9adb04', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'conv_368fbeccefce6db245502c7c', '246f5a40-9655-470c-852c-e4e84c5596e5', 'device 1', 'user', null, 'SENT', '1795292916861', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('4', 'msg_26ee8ada56142ed35fec33ac', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'conv_368fbeccefce6db245502c7c', '004859f2-476f-42f7-b885-db82a0170150', 'operator 1', 'agent', '01a1ffcb-e20b-73ab-bd9c-1edd9aa99af5', 'SENT', '1795292916878', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('5', 'msg_c0f2bcea765b90a5aebfd568', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'conv_368fbeccefce6db245502c7c', 'c7eba0b0-0692-4972-95fe-477dc1d649e8', 'device 2', 'user', null, 'SENT', '1795292916924', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('6', 'msg_3796bcd066add01d1cb1ab15', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'conv_368fbeccefce6db245502c7c', '5e75689f-b434-40b8-9c27-43ad7ca5c066', 'operator 2', 'agent', '01a1ffcb-e20b-73ab-bd9c-1edd9aa99af5', 'SENT', '1795292916958', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('7', 'msg_0fa1df54499065417925069a', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'conv_368fbeccefce6db245502c7c', '6233b224-d5c7-45aa-b0bd-dbc4c95e3170', 'device 3', 'user', null, 'SENT', '1795292916984', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('8', 'msg_936f43642fda50746fcabdfd', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'conv_368fbeccefce6db245502c7c', '843df0ed-7390-4a31-96ee-8d75be051e4e', 'operator 3', 'agent', '01a1ffcb-e20b-73ab-bd9c-1edd9aa99af5', 'SENT', '1795292916988', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('9', 'msg_2004ec9e094d946583be16ff', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'conv_368fbeccefce6db245502c7c', '6ef82481-297f-4f38-b2d8-e9b898790985', 'device 4', 'user', null, 'SENT', '1795292917036', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('10', 'msg_d97a1afa04ff1b665ba4ebbd', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'conv_368fbeccefce6db245502c7c', 'bca1f1de-45fe-46a6-81e1-2dfe168beb73', 'operator 4', 'agent', '01a1ffcb-e20b-73ab-bd9c-1edd9aa99af5', 'SENT', '1795292917079', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('11', 'msg_1f44ee9edaedb7f79aea7691', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'conv_368fbeccefce6db245502c7c', '1faaad83-958d-424e-b5da-4df29bc5434c', 'device 5', 'user', null, 'SENT', '1795292917134', null, null);
insert into "support_messages" ("sequence", "id", "app_id", "conversation_id", "local_id", "body", "sender", "operator_id", "status", "created_at", "delivered_at", "read_at") overriding system value values ('12', 'msg_4b1328730796c62c673ebc85', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', 'conv_368fbeccefce6db245502c7c', 'a9f207e1-19fa-4294-9407-7a2eb516a2e5', 'operator 5', 'agent', '01a1ffcb-e20b-73ab-bd9c-1edd9aa99af5', 'SENT', '1795292917180', null, null);
insert into "support_operators" ("id", "app_id", "email", "password_hash", "role", "is_active", "created_at", "updated_at", "last_seen_at", "tokens_valid_from") overriding system value values ('01a1ffcb-e20b-73ab-bd9c-1edd9aa99af5', '4f2e07bf-62b5-4805-ac42-58f7364b32ed', '87cdeaab-8ea4-479d-b2f0-d6955a45629c@shop.example', '$scrypt$ln=15,r=8,p=3$xZjMFkO-cEsorgZvVaUcVg$9NMQc-ReYO8r2fMPEAizG6S2aDmNBo3FuAQfL_mVotA', 'OWNER', '1', '1795292914187', '1795292914187', '1795292917137', '0');
insert into "support_refresh_tokens" ("id", "operator_id", "family", "token_hash", "created_at", "expires_at", "used_at", "retired_at", "revoked_at") overriding system value values ('01a1ffcb-e20e-7cf4-86c8-07efe98f929a', '01a1ffcb-e20b-73ab-bd9c-1edd9aa99af5', '01a1ffcb-e20d-7c70-9e60-b12857391594', '2f308a0d0f773112c87cb4670b4da1308e0738dbd2241ae3e755b2a125a86bc5', '1795292914190', '1795897714190', null, null, null);
insert into "support_refresh_tokens" ("id", "operator_id", "family", "token_hash", "created_at", "expires_at", "used_at", "retired_at", "revoked_at") overriding system value values ('01a1ffcb-e41d-7be8-9cac-66d5341d07d4', '01a1ffcb-e20b-73ab-bd9c-1edd9aa99af5', '01a1ffcb-e41c-7470-b8e6-db8e636bf56e', '472851311d9435f28bb2503352fbd5f60eaf0dd9f4a3975ec7b7a181ac4b3415', '1795292914717', '1795897714717', null, null, null);
insert into "support_setup_tokens" ("token_hash", "created_at", "expires_at") overriding system value values ('d4fa3cb1276f0368689f8bb7e62367e2deda1c1bfb735549d79a07fc571b863f', '1795292912251', '1795379312251');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffcb-e478-7e15-bcee-ed821ab7b022', '90e44e08-1287-4ece-8d1b-ce8e3c2ff52e', 'speech.characters', '22', '1795292914808');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffcb-e524-728b-990f-33e9b55e7132', '90e44e08-1287-4ece-8d1b-ce8e3c2ff52e', 'speech.characters', '22', '1795292914980');
insert into "usage_ledger" ("id", "owner", "meter", "amount", "at") overriding system value values ('01a1ffcb-e6f0-7265-b769-a5c965e5e447', '90e44e08-1287-4ece-8d1b-ce8e3c2ff52e', 'speech.characters', '22', '1795292915440');
insert into "users" ("id", "created_at", "last_seen_at") overriding system value values ('90e44e08-1287-4ece-8d1b-ce8e3c2ff52e', '1795292913091', '1795292916660');
select setval('background_jobs_seq_seq', 5);
select setval('support_messages_sequence_seq', 12);
set session_replication_role = 'origin';
