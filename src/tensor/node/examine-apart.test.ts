import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationCases } from '../check/cases.ts';
import { gist } from '../check/examine-provider.ts';
import { examineApart } from './index.ts';

const built = new URL('../../../dist/tensor/node/examine-program.js', import.meta.url);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'geor-examine-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A program of these lines. */
const program = (text: string): URL => {
  const path = join(folder, 'program.mjs');
  writeFileSync(path, text);
  return pathToFileURL(path);
};

describe('a provider examined in a process of its own', () => {
  it('is right when it is the CPU', async () => {
    const { isThere, checks } = await examineApart('cpu', built);
    expect(isThere).toBe(true);
    expect(checks).toHaveLength(operationCases.length);
    expect(checks.every(({ isRight, result }) => isRight && result === 0)).toBe(true);
  });

  it('is not there when the runtime has none of its name', async () => {
    const report = await examineApart('no-such-provider', built);
    expect(report).toMatchObject({ provider: 'no-such-provider', isThere: false, checks: [] });
    expect(report.problem).toContain('no-such-provider');
  });

  it('is not there when its driver ends the process, and says how', async () => {
    const killed = await examineApart('webgpu', program("process.kill(process.pid, 'SIGABRT');"));
    expect(killed).toMatchObject({ isThere: false, problem: expect.stringContaining('SIGABRT') });
    const failed = await examineApart('webgpu', program('process.exitCode = 7;'));
    expect(failed.problem).toContain('exit code 7');
  });

  it('keeps the numbers that JSON has none for', async () => {
    const check = { operation: 'add', variant: 'v', result: null, gradient: 0.5, isRight: false };
    const report = { provider: 'webgpu', isThere: true, checks: [check] };
    const { checks } = await examineApart(
      'webgpu',
      program(`process.stdout.write(${JSON.stringify(JSON.stringify(report))});`),
    );
    expect(checks).toEqual([{ ...check, result: Number.NaN }]);
  });
});

describe('the gist of a message of ONNX Runtime', () => {
  it.each([
    [
      'ONNX Runtime refused a graph: Error: /src/webgpu_context.cc:136 a::Init(const B&)::<lambda()> ' +
        'result.status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n',
      'Failed to get a WebGPU adapter: No supported adapters',
    ],
    [
      'ONNX Runtime refused a graph: Error: OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load',
      'Failed to load',
    ],
    ['/a.cc:9 f() [ONNXRuntimeError] : 1 : FAIL : no kernel for X', 'no kernel for X'],
    ['something else', 'something else'],
  ])('of %j', (message, expected) => expect(gist(message)).toBe(expected));
});
