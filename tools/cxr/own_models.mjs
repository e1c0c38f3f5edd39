// Models of one's own, as "cxr model import" keeps them: a folder of model folders in the user's data, or where CHESTLIGHT_MODELS
// says. Reading and writing them; what is in a model the engine says.
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { pathToFileURL } from 'node:url';
import { failure, messageOf } from '../../web/shared/errors.js';

const kId = /^[a-z0-9][a-z0-9._-]{0,63}$/;

export function ownModelsFolder() {
  return env.CHESTLIGHT_MODELS || join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'chestlight', 'models');
}

/** @param {string|undefined} id @returns {URL|null} the folder of the model of that id, where there is one */
export function findOwnModel(id) {
  if (id === undefined || !kId.test(id)) return null;
  const folder = join(ownModelsFolder(), id);
  return existsSync(join(folder, 'manifest.json')) ? pathToFileURL(join(folder, '/')) : null;
}

/** @returns {Promise<{id: string, name: string, bytes: number, licence: string}[]>} sorted by id; a folder that is no model is left out */
export async function listOwnModels() {
  const folder = ownModelsFolder();
  const names = existsSync(folder) ? (await readdir(folder)).sort() : [];
  const models = [];
  for (const id of names.filter((name) => findOwnModel(name))) {
    try {
      const { name, licence, files } = JSON.parse(await readFile(join(folder, id, 'manifest.json'), 'utf8'));
      const { size } = await stat(join(folder, id, files['model.onnx'] ? 'model.onnx' : 'weights.safetensors'));
      models.push({ id, name, bytes: size, licence });
    } catch {
      // Not written to its end, or another's folder.
    }
  }
  return models;
}

/** Writes the whole folder or nothing of it. @param {string} id @param {Record<string, Uint8Array>} files by name */
export async function keepOwnModel(id, files) {
  const folder = join(ownModelsFolder(), id), unfinished = `${folder}.unfinished`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(unfinished, name), bytes);
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
    throw failure('not-written', `The model cannot be written to ${folder} (${messageOf(error)}).`,
      'Make room or set CHESTLIGHT_MODELS to a folder that can be written to.');
  }
  return folder;
}
