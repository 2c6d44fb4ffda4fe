import type { OperatorRole } from '../tables.js';

const everybody = [
  'view:conversations',
  'send:messages',
  'view:users',
  'view:analytics',
  'view:broadcasts',
  'view:workflows',
] as const;

const administrators = [
  'manage:conversations',
  'delete:messages',
  'manage:users',
  'view:settings',
  'manage:settings',
  'view:billing',
  'view:webhooks',
  'manage:webhooks',
] as const;

const owners = ['delete:users', 'manage:billing'] as const;

/** What an operator may do. Broadcasts and workflows have only their `view` rights yet: nothing else of them exists. */
export type Permission = (typeof everybody | typeof administrators | typeof owners)[number];

/** Contract §10.2, row by row. */
export const permissionsOf: Readonly<Record<OperatorRole, ReadonlySet<Permission>>> = {
  AGENT: new Set<Permission>(everybody),
  ADMIN: new Set<Permission>([...everybody, ...administrators]),
  OWNER: new Set<Permission>([...everybody, ...administrators, ...owners]),
};

export const mayDo = (role: OperatorRole, permission: Permission): boolean =>
  permissionsOf[role].has(permission);
