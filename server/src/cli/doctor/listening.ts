import type { Config } from '../../config.js';
import { modelsPathOf, transcriptionOf } from '../../connect.js';
import { installedModels } from '../../platform/ai/sherpa/models.js';
import { createTranscriber } from '../../platform/ai/transcription-engine.js';
import { attention, type Finding, good } from './finding.js';

/** Who hears, and whether words or only times. Calls nobody: the upstream is the one of `checkSpeech`. */
export function checkListening(config: Config): Finding {
  const { engine, hears } = createTranscriber(transcriptionOf(config));
  const { TRANSCRIPTION_MODEL: wanted } = config;
  const names = installedModels(modelsPathOf(config)).map(({ model }) => model.name);
  if (engine === 'sherpa' && (wanted ? !names.includes(wanted) : names.length === 0))
    return attention(
      `the speech model ${wanted ?? ''} is not installed`.replace('  ', ' '),
      `Run: earshot models ${wanted ? `install ${wanted}` : 'list'}`,
    );
  return good(`listening: ${engine}, ${hears === 'words' ? 'words' : 'when somebody speaks but no words'}`);
}
