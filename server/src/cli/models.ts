import { mkdir } from 'node:fs/promises';
import type { Config } from '../config.js';
import { modelsPathOf } from '../connect.js';
import { catalogue, type Model } from '../platform/ai/sherpa/catalogue.js';
import { DownloadError, installModel } from '../platform/ai/sherpa/download.js';
import { installedModels, removeModel } from '../platform/ai/sherpa/models.js';
import { CommandError } from './command-line.js';

const usage = 'Say what to do: earshot models list | install NAME | remove NAME';

/**
 * `earshot models …`: the only thing that ever downloads a model.
 *
 * @throws CommandError with what went wrong
 */
export async function models(config: Config, words: readonly string[]): Promise<void> {
  const [action, name, ...more] = words;
  if (more.length > 0) throw new CommandError(usage);
  const folder = modelsPathOf(config);
  if (action === 'list' && name === undefined) list(folder);
  else if (action === 'install' && name !== undefined) await install(named(name), folder);
  else if (action === 'remove' && name !== undefined) await remove(name, folder);
  else throw new CommandError(usage);
}

function named(name: string): Model {
  const model = catalogue.find((entry) => entry.name === name);
  if (!model)
    throw new CommandError(
      `There is no model "${name}". There are: ${catalogue.map((entry) => entry.name).join(', ')}`,
    );
  return model;
}

function list(folder: string): void {
  const installed = new Set(installedModels(folder).map(({ model }) => model.name));
  for (const { name, title, megabytes } of catalogue)
    console.log(
      `${installed.has(name) ? '✓' : ' '} ${name.padEnd(18)} ${`${megabytes} MB`.padStart(7)}  ${title}`,
    );
  console.log(
    installed.size > 0
      ? '\nThe server listens with the first one that is installed, or with TRANSCRIPTION_MODEL.'
      : '\nNone is installed. For example: earshot models install zipformer-en-20m',
  );
}

async function install(model: Model, folder: string): Promise<void> {
  if (installedModels(folder).some((installed) => installed.model.name === model.name)) {
    console.log(`${model.name} is installed.`);
    return;
  }
  await mkdir(folder, { recursive: true });
  try {
    const files = await installModel(model, folder, { onProgress: progressLine() });
    const unchecked = files.filter(({ isChecked }) => !isChecked);
    if (unchecked.length > 0)
      console.log(
        `No digests of ${unchecked.map(({ name }) => name).join(', ')} are known here, so they could not be checked; those of this download are recorded.`,
      );
    console.log(`${model.name} is installed. Restart the server to listen with it.`);
  } catch (error) {
    if (error instanceof DownloadError) throw new CommandError(error.message);
    throw error;
  }
}

/** One line that is written over on a terminal, a line for each file elsewhere. */
function progressLine(): (file: string, received: number, total: number | undefined) => void {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  return (file, received, total) => {
    const line = `${file}: ${megabytes(received)}${total === undefined ? '' : ` of ${megabytes(total)}`} MB`;
    const isDone = received === total;
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}${isDone ? '\n' : ''}`);
    else if (isDone) console.log(line);
  };
}

async function remove(name: string, folder: string): Promise<void> {
  if (!(await removeModel(name, folder))) throw new CommandError(`${name} is not installed.`);
  console.log(`${name} is removed.`);
}
