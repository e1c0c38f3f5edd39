// Looks at the browser's WebGPU: is there an adapter, is it real hardware, can it do fp16.
//
// Asking for an adapter is cheap and comes before anything is downloaded. Devices are created here too, so that a
// lost one is noticed and replaced.

import { messageOf } from '../shared/errors.js';

/**
 * @typedef {object} Gpu
 * @property {boolean} usable an adapter was given
 * @property {boolean} software the adapter computes on the processor (SwiftShader and its like)
 * @property {boolean} half the adapter has shader-f16
 * @property {string} detail the adapter in words, for the user
 * @property {string} reason why it is not usable, or not wanted by default; empty if neither
 * @property {() => Promise<GpuDevice>} createDevice a fresh device of a fresh adapter
 *
 * What is used of the browser's own:
 * @typedef {{lost: Promise<{reason?: string, message?: string}>, destroy: () => void}} GpuDevice
 * @typedef {object} GpuAdapter
 * @property {{vendor?: string, architecture?: string, device?: string, isFallbackAdapter?: boolean}} [info]
 * @property {boolean} [isFallbackAdapter]
 * @property {Set<string>} features
 * @property {Record<string, number|undefined>} limits
 * @property {(wanted: {requiredFeatures: string[], requiredLimits: Record<string, number>}) => Promise<GpuDevice>} requestDevice
 *
 * @typedef {{requestAdapter: (wanted: {powerPreference: string}) => Promise<GpuAdapter|null>}} GpuEntry
 */

/** Limits that ONNX Runtime raises when it creates a device itself. */
const kRaisedLimits = ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup', 'maxComputeWorkgroupSizeX', 'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ', 'maxStorageBuffersPerShaderStage'];
/** Features that its kernels use when present. */
const kWantedFeatures = ['shader-f16', 'subgroups'];

/**
 * @param {GpuEntry} [gpu] navigator.gpu
 * @returns {Promise<Gpu>} never rejects
 */
export async function probeGpu(gpu = /** @type {{gpu?: GpuEntry}|undefined} */ (globalThis.navigator)?.gpu) {
  /** @param {string} reason @returns {Gpu} */
  const none = (reason) => ({ usable: false, software: false, half: false, detail: '', reason,
    createDevice: () => Promise.reject(new Error(reason)) });
  if (!gpu) return none('this browser has no WebGPU');
  const request = () => gpu.requestAdapter({ powerPreference: 'high-performance' });
  let adapter;
  try {
    adapter = await request();
  } catch (error) {
    return none(`WebGPU gave no adapter (${messageOf(error)})`);
  }
  if (!adapter) return none('WebGPU gave no adapter');
  const info = adapter.info ?? {};
  const software = info.architecture === 'swiftshader' || Boolean(info.isFallbackAdapter ?? adapter.isFallbackAdapter);
  const detail = [info.vendor, info.architecture || info.device].filter(Boolean).join(' ') || 'WebGPU';
  return {
    usable: true,
    software,
    half: adapter.features.has('shader-f16'),
    detail,
    reason: software ? `WebGPU here is software (${detail}); the processor is faster` : '',
    async createDevice() {
      // An adapter makes one device only, so every device comes from an adapter of its own.
      const fresh = await request();
      if (!fresh) throw new Error('WebGPU gave no adapter');
      /** @type {Record<string, number>} */
      const requiredLimits = {};
      for (const name of kRaisedLimits) {
        const limit = fresh.limits[name];
        if (limit !== undefined) requiredLimits[name] = limit;
      }
      const requiredFeatures = kWantedFeatures.filter((feature) => fresh.features.has(feature));
      return fresh.requestDevice({ requiredFeatures, requiredLimits });
    },
  };
}
