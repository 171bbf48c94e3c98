/** Shaders to pipelines; what does not compile is shown with its numbered WGSL. */
import { AppError } from '../../../shared/errors.ts';
import { workgroupsPerRow } from '../../codegen/wgsl/shaders.ts';
import type { Shader } from '../../codegen/wgsl/plan.ts';

export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly workgroups: number;
}

/** Workgroups beyond what one row can hold go to further rows. */
export function dispatch(pass: GPUComputePassEncoder, workgroups: number): void {
  const rows = Math.ceil(workgroups / workgroupsPerRow);
  pass.dispatchWorkgroups(Math.min(workgroups, workgroupsPerRow), rows);
}

/** Dispatches whose code is the same share a pipeline. */
export class Pipelines {
  readonly bindings: GPUBindGroupLayout;
  private readonly device: GPUDevice;
  private readonly layout: GPUPipelineLayout;
  private readonly known = new Map<string, Promise<GPUComputePipeline>>();

  /** All shaders of a program bind the same: the iteration, and so many segments. */
  constructor(device: GPUDevice, segments: number) {
    this.device = device;
    this.bindings = bindingLayout(device, segments);
    this.layout = device.createPipelineLayout({ bindGroupLayouts: [this.bindings] });
  }

  /** @throws AppError `internal` with the compiler's messages and the numbered code. */
  async compile({ name, code, workgroups }: Shader & { readonly name: string }): Promise<Pipeline> {
    const known = this.known.get(code) ?? this.create(name, code);
    this.known.set(code, known);
    return { pipeline: await known, workgroups };
  }

  private async create(name: string, code: string): Promise<GPUComputePipeline> {
    const { device, layout } = this;
    device.pushErrorScope('validation'); // what is wrong comes from the pipeline, or from the messages
    const module = device.createShaderModule({ label: name, code });
    void device.popErrorScope();
    try {
      return await device.createComputePipelineAsync({ label: name, layout, compute: { module } });
    } catch (cause) {
      const { messages } = await module.getCompilationInfo();
      throw shaderError(name, code, { messages, cause });
    }
  }
}

function bindingLayout(device: GPUDevice, segments: number): GPUBindGroupLayout {
  const visibility = GPUShaderStage.COMPUTE;
  const iteration = { type: 'uniform', hasDynamicOffset: true } as const;
  return device.createBindGroupLayout({
    entries: [
      { binding: 0, visibility, buffer: iteration },
      ...Array.from({ length: segments }, (_, i) => ({
        binding: i + 1,
        visibility,
        buffer: { type: 'storage' } as const,
      })),
    ],
  });
}

function shaderError(
  name: string,
  code: string,
  problem: { readonly messages: readonly GPUCompilationMessage[]; readonly cause: unknown },
): AppError {
  const { messages, cause } = problem;
  const said = messages.map(({ lineNum, linePos, message }) => `${lineNum}:${linePos} ${message}`);
  const numbered = code.split('\n').map((line, i) => `${String(i + 1).padStart(4)} ${line}`);
  const lines = [
    `internal: the shader "${name}" does not compile`,
    ...said,
    String(cause),
    ...numbered,
  ];
  return new AppError('internal', lines.join('\n'), { cause });
}
