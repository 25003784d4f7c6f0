import { describe, expect, it } from 'vitest';
import { findFailure } from './failure.ts';
import { readableLines } from './log-tail.ts';

describe('the failure in a log', () => {
  it('is the first error, not what other processes say about it', () => {
    const log = `
[rank1]: Traceback (most recent call last):
[rank1]:   File "/env/trl/trainer.py", line 4, in step
[rank1]: torch.distributed.DistBackendError: NCCL communicator was aborted on rank 1.
[rank0]: Traceback (most recent call last):
[rank0]:   File "/run/engine/train.py", line 4, in <module>
[rank0]: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.
Traceback (most recent call last):
torch.distributed.elastic.multiprocessing.errors.ChildFailedError:
`.split('\n');
    expect(findFailure(log)).toEqual({
      message: 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.',
      hint: expect.stringContaining('smaller batch'),
    });
  });

  it("is found behind Ray's prefixes", () => {
    const log = [
      "(TaskRunner pid=812, ip=10.0.0.4) ModuleNotFoundError: No module named 'geor_verl'",
      'ray.exceptions.RayTaskError(ModuleNotFoundError): ray::TaskRunner.run()',
    ];
    expect(findFailure(log)).toEqual({
      message: "ModuleNotFoundError: No module named 'geor_verl'",
      hint: expect.stringContaining('--python'),
    });
  });

  it('is read on where the error says its word on the next line', () => {
    const log = ['ImportError: ', '', 'Qwen2VLVideoProcessor requires the Torchvision library'];
    const lines = readableLines(log.join('\n'), 10);
    expect(findFailure(lines).message).toBe(
      'ImportError: Qwen2VLVideoProcessor requires the Torchvision library',
    );
  });

  it('is the echo where there is nothing else, and nothing in a log without errors', () => {
    expect(findFailure(['x.ChildFailedError: train.py FAILED']).message).toContain('ChildFailed');
    expect(findFailure(['{"loss": 1}', 'No errors so far', 'Error handling is on'])).toEqual({
      message: undefined,
      hint: undefined,
    });
  });
});

describe('lines to read', () => {
  it('hold the last state of a progress bar, without colours and blank lines', () => {
    const text = 'a\r\n  1%|\r 50%|\r100%| done\n\n\u001b[31mred\u001b[0m\nb\n';
    expect(readableLines(text, 10)).toEqual(['a', '100%| done', 'red', 'b']);
    expect(readableLines(text, 1)).toEqual(['b']);
  });
});
