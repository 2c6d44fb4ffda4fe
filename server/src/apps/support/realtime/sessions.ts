import { randomBytes } from 'node:crypto';
import type { DeviceCaller, OperatorCaller } from '../callers.js';
import type { Emission, ToDevice, ToOperator } from './events.js';
import type { LegacyFrame } from './legacy/frames.js';

/** One thing that sockets are told, in the form of each protocol; a form that is absent is not told there. */
export interface Notice {
  readonly device?: Emission<ToDevice>;
  readonly operator?: Emission<ToOperator>;
  readonly legacy?: LegacyFrame;
}

interface Session {
  readonly connectionId: string;
  tell(notice: Notice): void;
  /** Something may have been missed: makes the client catch up. */
  catchUp(): void;
  /** Says why and closes the connection, so that its client connects anew or gives up. */
  drop(code: string, message: string): void;
}

/** A device's socket, of either protocol. */
export interface DeviceSession extends Session {
  readonly kind: 'device';
  readonly caller: DeviceCaller;
  /** The one conversation whose room it is in. Set by {@link LocalSessions} only. */
  conversationId: string | null;
}

/** An operator's socket, of either protocol. */
export interface OperatorSession extends Session {
  readonly kind: 'operator';
  caller: OperatorCaller;
  /** Whether it hears of all conversations of the app, or only of those it has joined. */
  readonly followsApp: boolean;
  /** Changed by {@link LocalSessions} only. */
  readonly conversationIds: Set<string>;
}

export type AnySession = DeviceSession | OperatorSession;

export const newConnectionId = (): string => `conn_${randomBytes(12).toString('hex')}`;

/** Who a socket is, as the log names it. */
export const logFieldsOf = ({ connectionId, caller }: AnySession) => ({
  connection_id: connectionId,
  app_id: caller.appId,
  ...(caller.kind === 'device' ? { device_id: caller.deviceId } : { operator_id: caller.operatorId }),
});

/** The sockets of this node, of all protocols: who they are and which conversations they are in. */
export class LocalSessions {
  readonly #devices = new Map<string, Set<DeviceSession>>();
  readonly #operators = new Map<string, Set<OperatorSession>>();
  readonly #conversations = new Map<string, Set<AnySession>>();

  add(session: AnySession): void {
    if (session.kind === 'device') put(this.#devices, deviceKey(session.caller), session);
    else put(this.#operators, session.caller.appId, session);
  }

  remove(session: AnySession): void {
    if (session.kind === 'device') {
      take(this.#devices, deviceKey(session.caller), session);
      if (session.conversationId !== null) this.leave(session, session.conversationId);
    } else {
      take(this.#operators, session.caller.appId, session);
      for (const id of session.conversationIds) this.leave(session, id);
    }
  }

  /** A device's socket leaves its former conversation. */
  join(session: AnySession, conversationId: string): void {
    if (session.kind === 'operator') session.conversationIds.add(conversationId);
    else {
      if (session.conversationId !== null) this.leave(session, session.conversationId);
      session.conversationId = conversationId;
    }
    put(this.#conversations, conversationId, session);
  }

  leave(session: AnySession, conversationId: string): void {
    if (session.kind === 'operator') session.conversationIds.delete(conversationId);
    else if (session.conversationId === conversationId) session.conversationId = null;
    else return;
    take(this.#conversations, conversationId, session);
  }

  isIn(session: AnySession, conversationId: string): boolean {
    return session.kind === 'operator'
      ? session.conversationIds.has(conversationId)
      : session.conversationId === conversationId;
  }

  inConversation(conversationId: string): AnySession[] {
    return [...(this.#conversations.get(conversationId) ?? [])];
  }

  ofDevice(appId: string, deviceId: string): DeviceSession[] {
    return [...(this.#devices.get(deviceKey({ appId, deviceId })) ?? [])];
  }

  /** Those of the app's operators who hear of all its conversations. */
  followersOf(appId: string): OperatorSession[] {
    return [...(this.#operators.get(appId) ?? [])].filter((session) => session.followsApp);
  }

  /** Everybody who hears of a conversation, each once: those in it, and those who follow the app. */
  audience(appId: string, conversationId: string): AnySession[] {
    const present = this.inConversation(conversationId);
    return [
      ...present.filter((session) => session.kind === 'device' || !session.followsApp),
      ...this.followersOf(appId),
    ];
  }

  withKey(appId: string, keyId: string): DeviceSession[] {
    return this.devices().filter(({ caller }) => caller.appId === appId && caller.keyId === keyId);
  }

  ofOperator(appId: string, operatorId: string): OperatorSession[] {
    return [...(this.#operators.get(appId) ?? [])].filter(({ caller }) => caller.operatorId === operatorId);
  }

  devices(): DeviceSession[] {
    return [...this.#devices.values()].flatMap((sessions) => [...sessions]);
  }

  operators(): OperatorSession[] {
    return [...this.#operators.values()].flatMap((sessions) => [...sessions]);
  }
}

const deviceKey = ({ appId, deviceId }: Pick<DeviceCaller, 'appId' | 'deviceId'>): string =>
  `${appId}\n${deviceId}`;

function put<T>(sets: Map<string, Set<T>>, key: string, item: T): void {
  const set = sets.get(key);
  if (set) set.add(item);
  else sets.set(key, new Set([item]));
}

function take<T>(sets: Map<string, Set<T>>, key: string, item: T): void {
  const set = sets.get(key);
  set?.delete(item);
  if (set?.size === 0) sets.delete(key);
}
