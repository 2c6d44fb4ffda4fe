import { meaningsIn, vocabulary } from '../../../platform/ai/builtin/drawing/words.js';
import { overlap } from '../../../platform/ai/builtin/language.js';
import { MOST_SUGGESTIONS } from './assistant.js';

type Ideas = readonly string[];

const themeWords = vocabulary<ThemeName>({
  water: 'water pool swim swimming sea beach lake boat eau piscine nager natation mer plage lac bateau',
  school: 'school kindergarten teacher class classroom homework ecole maternelle maitresse classe devoirs',
  celebration: 'birthday party celebration christmas gift present anniversaire fete noel cadeau surprise',
  night: 'night dark sleep bed bedtime dream moon star nuit noir dormir lit coucher reve lune etoile',
  animals: 'animal dog cat rabbit horse bird pet zoo farm chien chat lapin cheval oiseau ferme',
  friends:
    'friend friendship neighbour neighbor share play ami amie amitie voisin partager jouer copain copine',
  family:
    'family baby brother sister grandma grandpa grandmother grandfather mother father famille bebe frere soeur mamie papi grand_mere grand_pere maman papa',
  journey:
    'trip travel train plane car holiday vacation journey map voyage avion voiture vacances carte camping',
  health:
    'doctor dentist hospital tooth teeth sick plaster docteur medecin dentiste hopital dent malade pansement',
  kitchen:
    'cook cooking bake cake bread kitchen vegetable cuisine cuisiner gateau pain legume recette recipe',
  weather:
    'rain snow storm wind winter autumn spring summer puddle pluie neige orage vent hiver automne printemps ete flaque',
  nature: 'garden forest tree flower seed mountain park jardin foret arbre fleur graine montagne parc',
  skills: 'bike bicycle ride learn ball game sport race shoelace velo apprendre ballon jeu course lacet',
  art: 'paint draw sing song music dance theatre museum peindre dessiner chanter chanson musique danse musee',
  change:
    'move moving house home new first goodbye change demenager demenagement maison nouveau nouvelle premier premiere au_revoir',
  space: 'space rocket planet astronaut robot espace fusee planete astronaute',
});

type ThemeName =
  | 'water'
  | 'school'
  | 'celebration'
  | 'night'
  | 'animals'
  | 'friends'
  | 'family'
  | 'journey'
  | 'health'
  | 'kitchen'
  | 'weather'
  | 'nature'
  | 'skills'
  | 'art'
  | 'change'
  | 'space';

const IDEAS: Readonly<Record<'en' | 'fr', Readonly<Record<ThemeName | 'any', Ideas>>>> = {
  en: {
    water: ['The first ride in a rowing boat', 'A bottle with a letter on the beach', 'Learning to jump in'],
    school: ['A new child in class', 'The school trip to the museum', 'The day of the reading contest'],
    celebration: ['Baking a cake in secret', 'A treasure hunt for all the guests', 'The lantern parade'],
    night: [
      'The night light that went out',
      'Counting shooting stars from the balcony',
      'A sleepover in a tent',
    ],
    animals: [
      'A kitten that found its way home',
      'A day as a helper at the farm',
      'The hedgehog in the garden',
    ],
    friends: ['Making up after a quarrel', 'Sharing the favourite toy', 'A letter to a faraway friend'],
    family: ['Becoming the big one', 'Sunday at the grandparents’ house', 'The family photograph album'],
    journey: [
      'The first ride on a night train',
      'Getting lost and found at the market',
      'Packing the suitcase by myself',
    ],
    health: ['A visit to the eye doctor', 'The wobbly tooth', 'Looking after a cuddly toy with a cold'],
    kitchen: [
      'The pancake that would not turn',
      'Growing tomatoes on the balcony',
      'A picnic made by the children',
    ],
    weather: ['The biggest puddle in the street', 'A snowman with a borrowed hat', 'The kite on a windy day'],
    nature: ['Planting a tree and waiting', 'The path through the misty forest', 'A home for the ladybirds'],
    skills: [
      'Riding a bicycle without help',
      'Tying shoelaces for the first time',
      'Losing a game and laughing',
    ],
    art: ['A picture for an empty wall', 'Singing on a real stage', 'The instrument nobody could play'],
    change: ['The first night in a new room', 'Saying goodbye to the old house', 'The first day with a key'],
    space: ['A rocket made of cardboard', 'The robot that could not sleep', 'A telescope on the roof'],
    any: ['The first night away from home', 'Helping somebody who is smaller', 'A surprise for a neighbour'],
  },
  fr: {
    water: [
      'La première promenade en barque',
      'Une bouteille et une lettre sur la plage',
      'Apprendre à sauter dans l’eau',
    ],
    school: ['Un nouvel enfant dans la classe', 'La sortie au musée', 'Le jour du concours de lecture'],
    celebration: [
      'Un gâteau préparé en secret',
      'Une chasse au trésor pour les invités',
      'Le défilé des lanternes',
    ],
    night: [
      'La veilleuse qui s’est éteinte',
      'Compter les étoiles filantes au balcon',
      'Une nuit sous la tente',
    ],
    animals: ['Le chaton qui a retrouvé sa maison', 'Une journée d’aide à la ferme', 'Le hérisson du jardin'],
    friends: ['Se réconcilier après une dispute', 'Prêter son jouet préféré', 'Une lettre à un ami lointain'],
    family: ['Devenir l’aîné', 'Un dimanche chez les grands-parents', 'L’album de photos de la famille'],
    journey: [
      'Le premier train de nuit',
      'Se perdre et se retrouver au marché',
      'Faire sa valise tout seul comme un grand',
    ],
    health: ['La visite chez l’opticien', 'La dent qui bouge', 'Soigner une peluche enrhumée'],
    kitchen: [
      'La crêpe qui ne voulait pas sauter',
      'Des tomates sur le balcon',
      'Un pique-nique préparé par les enfants',
    ],
    weather: [
      'La plus grande flaque de la rue',
      'Le bonhomme de neige au chapeau emprunté',
      'Le cerf-volant un jour de vent',
    ],
    nature: [
      'Planter un arbre et attendre',
      'Le sentier dans la forêt brumeuse',
      'Une maison pour les coccinelles',
    ],
    skills: ['Faire du vélo sans aide', 'Nouer ses lacets pour la première fois', 'Perdre au jeu et en rire'],
    art: [
      'Un tableau pour un mur vide',
      'Chanter sur une vraie scène',
      'L’instrument que personne ne savait jouer',
    ],
    change: [
      'La première nuit dans une nouvelle chambre',
      'Dire au revoir à l’ancienne maison',
      'Le premier jour avec une clé',
    ],
    space: ['Une fusée en carton', 'Le robot qui ne trouvait pas le sommeil', 'Un télescope sur le toit'],
    any: [
      'La première nuit loin de la maison',
      'Aider quelqu’un de plus petit',
      'Une surprise pour un voisin',
    ],
  },
};

/** Other events of a child's life that go with a description: the themes that it speaks of, in turn. */
export function ideasFor(description: string, isFrench: boolean): string[] {
  const ideas = IDEAS[isFrench ? 'fr' : 'en'];
  const themes = [...meaningsIn(description, themeWords).slice(0, MOST_SUGGESTIONS), 'any' as const];
  const inTurn = [0, 1, 2].flatMap((round) =>
    themes.filter((theme) => theme !== 'any').flatMap((theme) => ideas[theme].slice(round, round + 1)),
  );
  return [...inTurn, ...ideas.any]
    .filter((idea) => overlap(idea, description) < 2)
    .slice(0, MOST_SUGGESTIONS);
}
