import { randomBytes } from 'node:crypto';
import { answered, ask, type Resident } from './resident.js';

interface Memory {
  readonly deviceToken: string;
  /** The number of each question that was answered. */
  readonly answered: number[];
  /** Questions asked so far. */
  count: number;
}

/** Well below what one list of messages holds. */
const QUESTIONS_PER_SESSION = 50;
const sessionOf = (question: number) => `session-${Math.floor(question / QUESTIONS_PER_SESSION)}`;

/** Asks question after question, each once, in conversations that the server keeps. */
export async function voiceCaller(url: string, remembered?: unknown): Promise<Resident> {
  const memory = (remembered as Memory) ?? {
    deviceToken: randomBytes(16).toString('base64url'),
    answered: [],
    count: 0,
  };
  const headers = { 'x-device-token': memory.deviceToken };
  return {
    app: 'voice',
    get acknowledged() {
      return memory.answered.length;
    },
    step: async () => {
      memory.count += 1;
      const question = memory.count;
      const body = { message: `Question ${question}`, sessionId: sessionOf(question) };
      const answer = await ask(`${url}/api/conversation`, { headers, body });
      if (answer?.status !== 200) return;
      if (answer.json.response !== `You said: Question ${question}`)
        throw new Error(`Question ${question} was answered with ${answer.text}`);
      memory.answered.push(question);
    },
    settle: async () => {},
    judge: async () => {
      const kept = new Map<string, number>();
      const { sessions } = (await answered(`${url}/api/sessions`, { headers })).json;
      for (const { id } of sessions) {
        const { messages } = (await answered(`${url}/api/sessions/${id}/messages`, { headers })).json;
        for (const { sender, message_text } of messages) {
          const line = `${sender}: ${message_text}`;
          kept.set(line, (kept.get(line) ?? 0) + 1);
        }
      }
      const acknowledged = new Set(memory.answered);
      return Array.from({ length: memory.count }, (_, index) => index + 1).flatMap((question) => {
        const asked = kept.get(`user: Question ${question}`) ?? 0;
        const told = kept.get(`bot: You said: Question ${question}`) ?? 0;
        if (asked !== told) return [`half-written: turn ${question}`];
        if (asked > 1) return [`doubled: turn ${question}, ${asked} times`];
        return asked === 0 && acknowledged.has(question) ? [`lost: turn ${question}`] : [];
      });
    },
    remember: () => memory,
  };
}
