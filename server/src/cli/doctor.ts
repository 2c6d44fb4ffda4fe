import { chosenApps } from '../apps/catalogue.js';
import { type Config, ConfigError, loadConfig } from '../config.js';
import { broken, type Finding, good, reasonOf } from './doctor/finding.js';
import { checkListening } from './doctor/listening.js';
import { checkDataDirectory, checkNode, checkPages, checkSecrets, checkTools } from './doctor/machine.js';
import { checkHttps, checkOrigins, checkPort } from './doctor/network.js';
import { checkDatabase, checkMedia, checkRedis, checkSpeech } from './doctor/services.js';

const MARKS = { good: '✓', attention: '!', broken: '✗' } as const;

/**
 * Looks at everything that a server needs, also while one is running, and prints a line for each: ✓ good, ! worth a
 * look, ✗ broken, the last two with what to do.
 *
 * @returns the exit code: 1 when something is broken
 */
export async function doctor(environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  let isBroken = false;
  const say = ({ state, words, todo }: Finding) => {
    console.log(`${MARKS[state]} ${words}${todo ? `\n    → ${todo}` : ''}`);
    isBroken ||= state === 'broken';
  };
  say(checkNode());
  const config = readConfig(environment, say);
  if (config) {
    for (const look of looks(config, environment)) for (const finding of await carefully(look)) say(finding);
  }
  console.log(isBroken ? '\nSomething is broken.' : '\nEverything that is needed is there.');
  return isBroken ? 1 : 0;
}

type Look = () => Promise<Finding | Finding[]>;

const looks = (config: Config, environment: Readonly<Record<string, string | undefined>>): Look[] => [
  () => checkDataDirectory(config),
  () => checkSecrets(config),
  () => checkDatabase(config),
  () => checkMedia(config),
  () => checkRedis(config),
  () => checkSpeech(config),
  async () => checkListening(config),
  async () => checkPages(),
  () => checkPort(config),
  async () => checkHttps(config),
  async () => checkOrigins(config),
  async () => checkTools(environment.PATH),
];

async function carefully(look: Look): Promise<Finding[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    return [broken(`a check failed (${reasonOf(error)})`, 'Please report this.')];
  }
}

function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  say: (finding: Finding) => void,
): Config | null {
  try {
    const config = loadConfig(environment);
    const apps = chosenApps(config).map(({ name }) => name);
    say(good(`the configuration is valid (apps: ${apps.join(', ')})`));
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [first = '', ...problems] = error.message.split('\n').map((line) => line.trim());
    for (const problem of problems.length > 0 ? problems : [first])
      say(
        broken(
          problem,
          'Change the variable, then run the doctor again. docs/configuration.md explains each.',
        ),
      );
    return null;
  }
}
