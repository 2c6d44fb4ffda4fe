import type { Migration } from '../database/migrations.js';

export const changeMigrations: readonly Migration[] = [
  {
    id: 'platform-changes-001',
    statements: [
      `create table change_sequences (
        owner text primary key references users(id) on delete cascade,
        epoch text not null,
        latest bigint not null
      )`,
      `create table changes (
        owner text not null references change_sequences(owner) on delete cascade,
        type text not null,
        id text not null,
        seq bigint not null,
        deleted integer not null,
        primary key (owner, type, id)
      )`,
      'create unique index changes_in_order on changes(owner, seq)',
    ],
  },
];
