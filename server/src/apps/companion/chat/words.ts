/** What the server itself says in a chat, in the languages that its rules speak. */
export interface ChatWords {
  readonly greeting: (name: string | null) => string;
  readonly searching: string;
  readonly thinking: string;
  readonly listening: string;
  readonly notHeard: string;
  /** The upstream failed before the first word. */
  readonly engineFailed: (reason: string) => string;
  /** … or in the middle of the answer. */
  readonly brokenOff: string;
  readonly unknown: string;
  readonly facts: string;
  readonly noFacts: string;
  readonly toDos: string;
  readonly noToDos: string;
  readonly toDo: (text: string) => string;
  readonly due: (epochMs: number) => string;
  readonly conversations: string;
  readonly noConversations: string;
  readonly noneThen: string;
  readonly day: (epochMs: number) => string;
  readonly said: (title: string, epochMs: number, words: string) => string;
  readonly inFile: (name: string, words: string) => string;
}

/** @param timeZone IANA name that this system knows */
export function chatWords(language: 'en' | 'fr', timeZone: string): ChatWords {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
      timeZone,
      ...options,
    });
    return (epochMs: number) => formatter.format(epochMs);
  };
  const day = format({ weekday: 'long', day: 'numeric', month: 'long' });
  const instant = format({
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });
  return language === 'fr'
    ? {
        greeting: (name) =>
          `Bonjour${name ? ` ${name}` : ''} ! Posez-moi des questions sur vos conversations, vos souvenirs et vos tâches.`,
        searching: 'Recherche dans vos conversations et souvenirs',
        thinking: 'Réflexion',
        listening: 'Écoute du message',
        notHeard: "Je n'ai entendu aucun mot dans ce message.",
        engineFailed: (reason) =>
          `Le modèle de langage n'a pas répondu (${reason}). Voici ce que j'ai trouvé :`,
        brokenOff: "(La réponse s'est interrompue. Veuillez redemander.)",
        unknown:
          "Je n'ai rien trouvé à ce sujet dans vos conversations et souvenirs. Sans modèle de langage, je réponds uniquement à partir de ce qui y a été dit.",
        facts: 'Voici ce que je sais de vous :',
        noFacts: 'Je ne sais encore rien de vous.',
        toDos: 'Voici ce qui reste à faire :',
        noToDos: "Il n'y a rien à faire.",
        toDo: (text) => `À faire : ${text}`,
        due: (at) => `pour le ${instant(at)}`,
        conversations: 'Voici vos conversations :',
        noConversations: "Il n'y a encore aucune conversation.",
        noneThen: "Je n'ai trouvé aucune conversation de ce jour-là.",
        day,
        said: (title, at, words) =>
          `${title ? `Dans « ${title} » (${day(at)})` : `Le ${day(at)}`} : « ${words} »`,
        inFile: (name, words) => `Dans ${name} : « ${words} »`,
      }
    : {
        greeting: (name) =>
          `Hello${name ? ` ${name}` : ''}! Ask me about your conversations, memories and to-dos.`,
        searching: 'Searching your conversations and memories',
        thinking: 'Thinking',
        listening: 'Listening to the message',
        notHeard: 'I heard no words in this message.',
        engineFailed: (reason) =>
          `The language model did not answer (${reason}). This is what I found myself:`,
        brokenOff: '(The answer broke off here. Please ask again.)',
        unknown:
          'I found nothing about that in your conversations and memories. Without a language model I answer only from what was said there.',
        facts: 'This is what I know about you:',
        noFacts: 'I know nothing about you yet.',
        toDos: 'This is still to do:',
        noToDos: 'There is nothing to do.',
        toDo: (text) => `To do: ${text}`,
        due: (at) => `due ${instant(at)}`,
        conversations: 'These are your conversations:',
        noConversations: 'There are no conversations yet.',
        noneThen: 'I found no conversation of that day.',
        day,
        said: (title, at, words) => `${title ? `In “${title}” (${day(at)})` : `On ${day(at)}`}: “${words}”`,
        inFile: (name, words) => `In ${name}: “${words}”`,
      };
}
