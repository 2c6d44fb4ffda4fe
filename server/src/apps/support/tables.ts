import type { Generated } from 'kysely';

/** A tenant: one product whose customers write and whose team answers. */
export interface SupportAppRow {
  id: string;
  name: string;
  /** JSON: {@link AppSettings}. */
  settings: string;
  created_at: number;
  updated_at: number;
}

/** A publishable key that SDK installations carry. It identifies the app and never gives an operator's rights. */
export interface SupportApiKeyRow {
  id: string;
  app_id: string;
  name: string;
  /** The first characters, by which people tell their keys apart. */
  prefix: string;
  /** SHA-256 of the key as hexadecimal digits; the key itself is kept nowhere. */
  key_hash: string;
  created_at: number;
  /** After this instant the key is refused: chosen at creation, or the end of the grace after a rotation. */
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}

/** One SDK installation. `device_id` is the SDK's own UUID, unique within its app. */
export interface SupportDeviceRow {
  id: string;
  app_id: string;
  device_id: string;
  user_id: string | null;
  platform: string;
  push_token: string | null;
  push_provider: 'fcm' | 'apns' | 'web' | null;
  push_token_at: number | null;
  created_at: number;
  updated_at: number;
  last_seen_at: number;
}

export type ConversationStatus = 'open' | 'resolved';

export interface SupportConversationRow {
  id: string;
  app_id: string;
  device_id: string;
  /** The SDK user, or the empty string for an anonymous visitor: so that the unique key holds for both. */
  user_key: string;
  visitor_id: string;
  status: ConversationStatus;
  /** Since when it is open or resolved. */
  status_changed_at: number;
  assignee_id: string | null;
  /** JSON object: `device_context`, `user`. */
  metadata: string;
  /** What the inbox searches: the visitor's name, e-mail and ids in lower case, one a line. */
  visitor_words: string;
  created_at: number;
  /** The last activity: what lists are sorted by. */
  updated_at: number;
  last_message_id: string | null;
  last_message_body: string | null;
  last_message_sender: MessageSender | null;
  last_message_at: number | null;
  /** The newest message of the visitor that an operator has seen. */
  operator_read_sequence: number;
  /** How many of the visitor's messages no operator has seen. */
  unread_count: number;
}

export type MessageSender = 'user' | 'agent' | 'system';
export type MessageStatus = 'QUEUED' | 'SENDING' | 'SENT' | 'DELIVERED' | 'READ' | 'FAILED';

export interface SupportMessageRow {
  /** Rises in the order in which messages become visible, over all conversations of an app. */
  sequence: number;
  id: string;
  app_id: string;
  conversation_id: string;
  local_id: string;
  body: string;
  sender: MessageSender;
  /** The operator who wrote it. */
  operator_id: string | null;
  status: MessageStatus;
  created_at: number;
  delivered_at: number | null;
  read_at: number | null;
}

export type OperatorRole = 'OWNER' | 'ADMIN' | 'AGENT';

/** A member of an app's team. */
export interface SupportOperatorRow {
  id: string;
  app_id: string;
  /** Lower case. Unique over all apps. */
  email: string;
  password_hash: string;
  role: OperatorRole;
  is_active: number;
  created_at: number;
  updated_at: number;
  last_seen_at: number | null;
  /** Access tokens issued before this instant are refused: set when the password changes. */
  tokens_valid_from: Generated<number>;
}

/**
 * Refresh tokens, hashed. `family` names the sign-in they descend from: a token that is used although a younger one was
 * used already ends its family.
 */
export interface SupportRefreshTokenRow {
  id: string;
  operator_id: string;
  family: string;
  token_hash: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  /** When a younger token of the family was first used, which proves that its owner got it. */
  retired_at: number | null;
  revoked_at: number | null;
}

export interface SupportInvitationRow {
  id: string;
  app_id: string;
  email: string;
  role: OperatorRole;
  token_hash: string;
  created_at: number;
  expires_at: number;
  accepted_at: number | null;
}

/** The one-time link of a server that has no operator yet. Any of them is void once the first operator exists. */
export interface SupportSetupTokenRow {
  token_hash: string;
  created_at: number;
  expires_at: number;
}

export interface SupportWebhookRow {
  id: string;
  app_id: string;
  url: string;
  /** JSON array of event names. */
  events: string;
  /** Sealed under the server's secret, because it must be readable to sign with. */
  secret: string;
  is_active: number;
  created_at: number;
  updated_at: number;
}

export interface SupportWebhookDeliveryRow {
  id: string;
  webhook_id: string;
  event: string;
  payload: string;
  status: 'pending' | 'delivered' | 'failed';
  http_status: number | null;
  response_body: string | null;
  attempts: number;
  created_at: number;
  delivered_at: number | null;
}

export interface SupportPushRow {
  id: string;
  app_id: string;
  /** The SDK's device id. */
  device_id: string;
  message_id: string;
  status: 'pending' | 'sent' | 'failed' | 'skipped';
  error_code: string | null;
  created_at: number;
  sent_at: number | null;
}

/** An analytics event of a customer, as the SDK or an operator's script tracked it. */
export interface SupportEventRow {
  id: number;
  app_id: string;
  user_id: string;
  event_name: string;
  /** When it was received. */
  at: number;
  /** JSON object. */
  properties: string;
  user_plan: string | null;
  user_country: string | null;
  session_id: string | null;
  platform: string | null;
  app_version: string | null;
}

export interface SupportOnboardingRow {
  app_id: string;
  platform: string | null;
  use_case: string | null;
  /** JSON array of the ids of finished tasks. */
  completed_tasks: string;
  completed_at: number | null;
  updated_at: number;
}

/** A prepared answer of the team. */
export interface SupportCannedReplyRow {
  id: string;
  app_id: string;
  shortcut: string;
  body: string;
  created_at: number;
  updated_at: number;
}

export interface SupportTables {
  support_apps: SupportAppRow;
  support_api_keys: SupportApiKeyRow;
  support_devices: SupportDeviceRow;
  support_conversations: SupportConversationRow;
  support_messages: SupportMessageRow;
  support_operators: SupportOperatorRow;
  support_refresh_tokens: SupportRefreshTokenRow;
  support_invitations: SupportInvitationRow;
  support_setup_tokens: SupportSetupTokenRow;
  support_webhooks: SupportWebhookRow;
  support_webhook_deliveries: SupportWebhookDeliveryRow;
  support_pushes: SupportPushRow;
  support_events: SupportEventRow;
  support_onboarding: SupportOnboardingRow;
  support_canned_replies: SupportCannedReplyRow;
}
