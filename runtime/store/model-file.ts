// model.json in a run's folder: its modules and tensors, and where they were made.
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ModelInfo, ModuleInfo, SourceLine, TensorInfo } from '../../protocol/inspect.ts';
import { writeFileAtomically } from './atomic.ts';

const format = 1;
export const modelName = 'model.json';
/** 10,000 parameters take some 3 MB. */
const maxBytes = 1 << 26;

export function writeModel(folder: string, model: ModelInfo): void {
  writeFileAtomically(path.join(folder, modelName), `${JSON.stringify({ format, ...model })}\n`);
}

/** Null where the run has none: no optimizer has stepped. @throws where it is not one that this version can read */
export function readModel(folder: string): ModelInfo | null {
  const file = path.join(folder, modelName);
  if (!existsSync(file)) return null;
  const model = statSync(file).size <= maxBytes ? parse(readFileSync(file, 'utf8')) : null;
  if (model === null) throw new Error(`${file} is not a description of a model that this version can read`);
  return model;
}

function parse(text: string): ModelInfo | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  return isObject(found) && found['format'] === format && isModel(found) ? found : null;
}

type Fields = Record<string, unknown>;

function isModel(value: Fields): value is Fields & ModelInfo {
  const { version, modules, tensors, files } = value;
  const isFile = (each: unknown) => isObject(each) && isText(each['file']) && isText(each['sha256']);
  return isCount(version) && isList(modules, isModule) && isList(tensors, isTensor) && isList(files, isFile);
}

function isModule(value: unknown): value is ModuleInfo {
  if (!isObject(value)) return false;
  const { path: modulePath, className, file, line } = value;
  return isText(modulePath) && isText(className) && (file === null || isText(file)) && isLine(line);
}

function isTensor(value: unknown): value is TensorInfo {
  if (!isObject(value)) return false;
  const { name, kind, shape, dtype, requiresGrad, sameAs, line } = value;
  return (
    isText(name) &&
    (kind === 'parameter' || kind === 'buffer') &&
    isList(shape, isCount) &&
    isText(dtype) &&
    typeof requiresGrad === 'boolean' &&
    (sameAs === null || isText(sameAs)) &&
    isLine(line)
  );
}

function isLine(value: unknown): value is SourceLine | null {
  return value === null || (isObject(value) && isText(value['file']) && isCount(value['line']));
}

function isList(value: unknown, isOne: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
