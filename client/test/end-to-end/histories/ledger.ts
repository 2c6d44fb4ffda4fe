import type { EntityType, EntityValue } from '../../../src/index.js';

/** The field that says by which act an entity came to be; nobody edits it. */
const BIRTH_FIELD = { hero: 'appearance', story: 'content', customEvent: 'description' } as const;
export type MadeType = keyof typeof BIRTH_FIELD;

export const isMadeType = (type: EntityType): type is MadeType => type in BIRTH_FIELD;
export const birthOf = (type: MadeType, value: EntityValue): string => String(value[BIRTH_FIELD[type]]);
/** The fields of a new entity that tell it from all others. */
export const bornAs = (type: MadeType, birth: string): EntityValue => ({ [BIRTH_FIELD[type]]: birth });

interface Birth {
  readonly type: MadeType;
  /** Of a story: how its hero was born. */
  readonly hero: string | null;
}

/** What people did on any device, and so what has to be there in the end. */
export interface Ledger {
  born(type: MadeType, birth: string, hero?: string): void;
  /** Somebody wanted it gone, or met it as gone: its fate depends on who was first. */
  doom(birth: string): void;
  /** It was made anew after it had been deleted elsewhere: there may be several now. */
  copied(birth: string): void;
  heard(birth: string): void;
  /** What is not as it has to be, given what the server has. */
  judge(values: readonly { readonly type: EntityType; readonly value: EntityValue }[]): readonly string[];
}

export function createLedger(): Ledger {
  const births = new Map<string, Birth>();
  const doomed = new Set<string>();
  const copies = new Set<string>();
  const plays = new Map<string, number>();
  const isDoomed = (birth: string): boolean => {
    const hero = births.get(birth)?.hero;
    return doomed.has(birth) || (hero != null && doomed.has(hero));
  };
  const isCopied = (birth: string): boolean => {
    const hero = births.get(birth)?.hero;
    return copies.has(birth) || (hero != null && copies.has(hero));
  };
  return {
    born: (type, birth, hero) => {
      births.set(birth, { type, hero: hero ?? null });
    },
    doom: (birth) => {
      doomed.add(birth);
    },
    copied: (birth) => {
      copies.add(birth);
    },
    heard: (birth) => {
      plays.set(birth, (plays.get(birth) ?? 0) + 1);
    },
    judge: (values) => {
      const complaints: string[] = [];
      const living = new Map<string, EntityValue[]>();
      for (const { type, value } of values) {
        if (!isMadeType(type)) continue;
        const birth = birthOf(type, value);
        living.set(birth, [...(living.get(birth) ?? []), value]);
      }
      for (const [birth, { type }] of births) {
        const found = living.get(birth) ?? [];
        if (found.length > 1 && !isCopied(birth))
          complaints.push(`${type} ${birth} is there ${found.length} times`);
        if (isDoomed(birth)) continue;
        if (found.length === 0) complaints.push(`${type} ${birth} is lost`);
        const played = plays.get(birth) ?? 0;
        if (type === 'story' && found.length === 1 && found[0]?.playCount !== played)
          complaints.push(`story ${birth} was played ${played} times, not ${found[0]?.playCount}`);
      }
      for (const birth of living.keys()) {
        if (!births.has(birth)) complaints.push(`${birth} was never made`);
      }
      return complaints;
    },
  };
}
