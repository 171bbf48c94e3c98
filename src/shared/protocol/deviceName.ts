/** What a training may run on; `auto` leaves the choice to the core. */
export type DeviceName = 'auto' | 'cpu' | 'webgpu' | 'cuda';
