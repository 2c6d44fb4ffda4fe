// A process that migrates an export into an account, to be killed: address, folder of its stores, token file, export file.
import { readFile } from 'node:fs/promises';
import { createEarshotClient, openExport } from '../../dist/index.js';
import { openFileMediaStore, openFileStore } from '../../dist/stores/file.js';

const [baseUrl = '', directory = '', email = '', exported = ''] = process.argv.slice(2);
const client = createEarshotClient({
  baseUrl,
  store: await openFileStore({ directory }),
  mediaStore: await openFileMediaStore({ directory: `${directory}/media` }),
});
const { status } = await client.auth.restore();
if (status !== 'signedIn') await client.auth.signIn({ email, password: 'a long enough password' });
const source = await openExport(new Blob([await readFile(exported)]));
client.migration.subscribe(({ stage }) => console.log(stage));
const state = await client.migration.run(source);
console.log(`ended: ${state.status}`);
await client.close();
