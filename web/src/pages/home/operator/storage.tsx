import { useQuery } from '@tanstack/react-query';
import { CodeBlock } from '../../../design/code-block.tsx';
import { Progress } from '../../../design/progress.tsx';
import { Asked, Section } from '../console/section.tsx';
import { byteWords, instantWords } from '../console/words.ts';
import { Figure } from './figure.tsx';
import { type Storage, storage } from './server.ts';

const databases: Readonly<Record<string, string>> = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

/** What is stored, the room for more, and the last backup. */
export function StorageFigures() {
  const asked = useQuery(storage);
  return (
    <Section id="storage" title="Storage and backups">
      <Asked query={asked} what="what is stored">
        {(stored) => <Figures stored={stored} />}
      </Asked>
    </Section>
  );
}

function Figures({ stored: { database, media, disk, last_backup_at: backupAt } }: { stored: Storage }) {
  const used = 1 - disk.free_bytes / disk.bytes;
  const free = `${byteWords(disk.free_bytes)} of ${byteWords(disk.bytes)} free on the data directory’s disk`;
  return (
    <>
      <dl className="grid grid-cols-2 gap-3">
        <Figure
          value={database.bytes === null ? '–' : byteWords(database.bytes)}
          words={`in ${databases[database.dialect] ?? database.dialect}`}
        />
        <Figure
          value={`${media.is_complete ? '' : 'over '}${byteWords(media.bytes)}`}
          words={`in ${media.objects.toLocaleString()} ${media.place === 's3' ? 'S3 objects' : 'media files'}`}
        />
      </dl>
      <div className="flex flex-col gap-2">
        <Progress label="Disk in use" value={used} words={free} />
        <p className={`text-sm ${used > 0.9 ? 'text-danger' : 'text-muted'}`}>{free}</p>
      </div>
      <p className="text-sm">
        {backupAt
          ? `The last backup was made ${instantWords(backupAt)}.`
          : 'No backup of this server is known.'}{' '}
        <span className="text-muted">One file holds everything; the server may go on running:</span>
      </p>
      <CodeBlock label="The command for a backup" code="npm run earshot -- backup earshot.tar.gz" />
    </>
  );
}
