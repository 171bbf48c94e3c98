/** Unpacks lavapipe once; says what it does, and why where it cannot. */
export function installSoftwareVulkan(): void;
/** What a process needs in its environment to find a driver. */
export function vulkanEnvironment(): Readonly<Record<string, string>>;
