import type { Dialect } from '../../platform/database/database.js';
import type { Migration } from '../../platform/database/migrations.js';

const rising = (dialect: Dialect): string =>
  dialect === 'sqlite'
    ? 'integer primary key autoincrement'
    : 'bigint generated always as identity primary key';

export const supportMigrations: readonly Migration[] = [
  {
    id: 'support-001-apps-and-devices',
    statements: [
      `create table support_apps (
        id text primary key,
        name text not null,
        settings text not null,
        created_at bigint not null,
        updated_at bigint not null
      )`,
      `create table support_api_keys (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        name text not null,
        prefix text not null,
        key_hash text not null unique,
        created_at bigint not null,
        expires_at bigint,
        last_used_at bigint,
        revoked_at bigint
      )`,
      'create index support_api_keys_by_app on support_api_keys(app_id, created_at)',
      `create table support_devices (
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
      )`,
      'create index support_devices_by_user on support_devices(app_id, user_id)',
      'create index support_devices_by_token on support_devices(app_id, push_token)',
    ],
  },
  {
    id: 'support-002-conversations',
    statements: (dialect) => [
      `create table support_conversations (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        device_id text not null,
        user_key text not null,
        visitor_id text not null,
        status text not null,
        assignee_id text,
        metadata text not null,
        created_at bigint not null,
        updated_at bigint not null,
        last_message_id text,
        last_message_body text,
        last_message_sender text,
        last_message_at bigint,
        operator_read_sequence bigint not null,
        unread_count bigint not null,
        unique (app_id, device_id, user_key)
      )`,
      'create index support_conversations_recent on support_conversations(app_id, updated_at, id)',
      'create index support_conversations_by_device on support_conversations(app_id, device_id, updated_at)',
      'create index support_conversations_by_user on support_conversations(app_id, user_key)',
      `create table support_messages (
        sequence ${rising(dialect)},
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
      )`,
      'create index support_messages_in_order on support_messages(conversation_id, sequence)',
      'create index support_messages_by_app on support_messages(app_id, sequence)',
      'create index support_messages_by_age on support_messages(app_id, created_at)',
    ],
  },
  {
    id: 'support-003-operators',
    statements: [
      `create table support_operators (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        email text not null unique,
        password_hash text not null,
        role text not null,
        is_active bigint not null,
        created_at bigint not null,
        updated_at bigint not null,
        last_seen_at bigint
      )`,
      'create index support_operators_by_app on support_operators(app_id)',
      `create table support_refresh_tokens (
        id text primary key,
        operator_id text not null references support_operators(id) on delete cascade,
        family text not null,
        token_hash text not null unique,
        created_at bigint not null,
        expires_at bigint not null,
        used_at bigint,
        revoked_at bigint
      )`,
      'create index support_refresh_tokens_by_operator on support_refresh_tokens(operator_id)',
      'create index support_refresh_tokens_by_family on support_refresh_tokens(family)',
      'create index support_refresh_tokens_by_expiry on support_refresh_tokens(expires_at)',
      `create table support_invitations (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        email text not null,
        role text not null,
        token_hash text not null unique,
        created_at bigint not null,
        expires_at bigint not null,
        accepted_at bigint
      )`,
      'create index support_invitations_by_app on support_invitations(app_id)',
    ],
  },
  {
    id: 'support-004-effects',
    statements: (dialect) => [
      `create table support_webhooks (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        url text not null,
        events text not null,
        secret text not null,
        is_active bigint not null,
        created_at bigint not null,
        updated_at bigint not null
      )`,
      'create index support_webhooks_by_app on support_webhooks(app_id)',
      `create table support_webhook_deliveries (
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
      )`,
      'create index support_webhook_deliveries_recent on support_webhook_deliveries(webhook_id, created_at)',
      'create index support_webhook_deliveries_by_age on support_webhook_deliveries(created_at)',
      `create table support_pushes (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        device_id text not null,
        message_id text not null,
        status text not null,
        error_code text,
        created_at bigint not null,
        sent_at bigint,
        unique (device_id, message_id)
      )`,
      'create index support_pushes_by_age on support_pushes(created_at)',
      `create table support_events (
        id ${rising(dialect)},
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
      )`,
      'create index support_events_by_time on support_events(app_id, at)',
      'create index support_events_by_name on support_events(app_id, event_name, at)',
      'create index support_events_by_user on support_events(app_id, user_id, at)',
      `create table support_onboarding (
        app_id text primary key references support_apps(id) on delete cascade,
        platform text,
        use_case text,
        completed_tasks text not null,
        completed_at bigint,
        updated_at bigint not null
      )`,
      `create table support_canned_replies (
        id text primary key,
        app_id text not null references support_apps(id) on delete cascade,
        shortcut text not null,
        body text not null,
        created_at bigint not null,
        updated_at bigint not null,
        unique (app_id, shortcut)
      )`,
    ],
  },
];
