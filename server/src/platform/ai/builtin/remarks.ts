import nlp from 'compromise';
import { splitSentences } from './language.js';

/** How people say in English and French that something is to be done; what is to be done follows. */
const intentions = [
  /\b(?:remind me to|don'?t (?:let me )?forget to|remember to|make sure (?:to|that we|that i)|(?:i|we) (?:need|have|want|ought|promised|plan) to|i(?:'ve| have)? got(?:ta| to)|(?:i|we) (?:must|should)|we(?:'ll| will) have to|i'?ll|let'?s)\s+(.{4,160})/i,
  /\b(?:rappelle[- ]moi de|n'oublie pas de|il faut(?: que je)?|je dois|on doit|nous devons|il faudrait)\s+(.{4,160})/i,
];

const notToDo = /^(?:be|say|see|think|know|go ahead|admit|mention|guess)\b/i;

/** What the speaker said that should be done, each as an order in their own words ("Call the dentist tomorrow"). */
export function actionItemsIn(text: string, most = 10): string[] {
  const found = new Map<string, string>();
  for (const sentence of splitSentences(text.replaceAll('\u2019', "'"))) {
    const said = intentions.map((pattern) => pattern.exec(sentence)?.[1]).find(Boolean);
    if (!said || sentence.endsWith('?') || notToDo.test(said)) continue;
    const order = capitalized(said.replace(/[\s.!,;]+$/, ''));
    found.set(order.toLowerCase(), order);
  }
  return [...found.values()].slice(0, most);
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Verbs by which somebody tells something lasting about themselves. */
const lasting =
  /\b(?:i am|i'm|i live|i work|i like|i love|i hate|i prefer|i have|i've got|i own|i play|i study|i speak|i was born|i grew up|i come from|i'm allergic|my \w+(?: \w+)? (?:is|are|was|were|lives|works|likes|loves))\b/i;

const passing =
  /\b(?:i'?m|i am) (?:going|not sure|sorry|here|late|tired|just|trying|sure|fine|done|ready|back|afraid|thinking|wondering|so|really|very|at|on|in)\b/i;

/** Lasting facts that the speaker told about themselves, each as a sentence about "the user" in English. */
export function factsIn(text: string, most = 4): string[] {
  const found = new Set<string>();
  for (const sentence of splitSentences(text.replaceAll('\u2019', "'"))) {
    if (sentence.endsWith('?') || !lasting.test(sentence) || passing.test(sentence)) continue;
    for (const clause of nlp(sentence).clauses().out('array') as string[]) {
      const fact = clause.trim().replace(/^(?:and|but|so|well|also|because|yes|yeah)\b[\s,]*/i, '');
      if (lasting.test(fact) && fact.split(/\s+/).length >= 3) found.add(aboutTheUser(fact));
    }
  }
  return [...found].slice(0, most);
}

/** "I live in Lyon" as "The user lives in Lyon." */
function aboutTheUser(sentence: string): string {
  const turned = sentence
    .replace(/\bI'm\b|\bI am\b/gi, 'the user is')
    .replace(/\bI've got\b|\bI have\b/gi, 'the user has')
    .replace(/\bI was\b/gi, 'the user was')
    .replace(/\bI (don't|do not)\b/gi, "the user doesn't")
    .replace(/\bI (\w+)\b/g, (_, verb: string) => `the user ${thirdPerson(verb)}`)
    .replace(/\bmy\b/gi, "the user's")
    .replace(/\bme\b/gi, 'the user')
    .replace(/[\s.!,;]+$/, '');
  return `${capitalized(turned)}.`;
}

function thirdPerson(verb: string): string {
  if (/^(?:can|will|would|could|should|must|might|may|never|always|also|used|grew|came|had|did)$/i.test(verb))
    return verb;
  if (/^have$/i.test(verb)) return 'has';
  if (/(?:s|x|ch|sh|o)$/i.test(verb)) return `${verb}es`;
  return /[^aeiou]y$/i.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`;
}

/** Names of people that a text mentions. */
export const peopleIn = (text: string): string[] => [...new Set(nlp(text).people().out('array') as string[])];
