import type { Connection } from './presence.js';

/** The connections of one process, by id and by member. Shared by the adapters. */
export class Roster {
  readonly #byId = new Map<string, Connection>();
  /** Group → member → number of connections. */
  readonly #members = new Map<string, Map<string, number>>();

  get size(): number {
    return this.#byId.size;
  }

  all(): Connection[] {
    return [...this.#byId.values()];
  }

  get(id: string): Connection | undefined {
    return this.#byId.get(id);
  }

  /** @returns whether it is the first of its member; undefined when it was there already */
  add(connection: Connection): boolean | undefined {
    if (this.#byId.has(connection.id)) return undefined;
    this.#byId.set(connection.id, connection);
    const members = this.#members.get(connection.group) ?? new Map<string, number>();
    this.#members.set(connection.group, members);
    const count = (members.get(connection.member) ?? 0) + 1;
    members.set(connection.member, count);
    return count === 1;
  }

  /** @returns the connection, and whether it was the last of its member; undefined when there was none */
  remove(id: string): { readonly connection: Connection; readonly last: boolean } | undefined {
    const connection = this.#byId.get(id);
    if (!connection) return undefined;
    this.#byId.delete(id);
    const { group, member } = connection;
    const members = this.#members.get(group);
    const count = (members?.get(member) ?? 1) - 1;
    if (count > 0) members?.set(member, count);
    else members?.delete(member);
    if (members?.size === 0) this.#members.delete(group);
    return { connection, last: count <= 0 };
  }

  online(group: string, members: readonly string[]): Set<string> {
    const known = this.#members.get(group);
    return new Set(members.filter((member) => known?.has(member)));
  }

  countOnline(group: string): number {
    return this.#members.get(group)?.size ?? 0;
  }

  of(group: string): Connection[] {
    return this.all().filter((connection) => connection.group === group);
  }
}
