import type { TraitName } from './book.js';

/** What users call the traits, in the app's languages and by other words. */
const WORDS: Readonly<Record<TraitName, string>> = {
  brave:
    'brave courageous bold fearless determined strong courageux courageuse déterminé déterminée fort forte valiente mutig coraggioso coraggiosa',
  kind: 'kind caring loving friendly generous compassionate gentil gentille bienveillant bienveillante généreux généreuse amable freundlich gentile',
  curious: 'curious inquisitive observant curieux curieuse curioso curiosa neugierig',
  funny:
    'funny playful silly cheerful drôle rigolo rigolote joueur joueuse gracioso divertida lustig divertente',
  smart: 'smart clever wise intelligent bright intelligente malin maligne sage inteligente klug intelligente',
  adventurous:
    'adventurous energetic daring active sporty aventureux aventureuse énergique aventurero aventurera abenteuerlustig avventuroso avventurosa',
  creative:
    'creative imaginative artistic inventive créatif créative imaginatif imaginative creativo creativa kreativ',
  helpful: 'helpful supportive thoughtful serviable secourable servicial hilfsbereit disponibile',
  gentle: 'gentle calm patient quiet shy sweet doux douce calme patiente timide tranquilo sanft dolce',
  magical: 'magical magic mystical magique mágico mágica magisch zauberhaft magico magica',
};

const BY_WORD = new Map(
  (Object.entries(WORDS) as [TraitName, string][]).flatMap(([trait, words]) =>
    words.split(' ').map((word) => [word, trait] as const),
  ),
);

/** The trait of the app that a word stands for, in any case; null for words that stand for none. */
export const traitOf = (word: string): TraitName | null => BY_WORD.get(word.trim().toLowerCase()) ?? null;
