export function installNode(version: string, directory: string): string;
export function installedNode(directory: string): string;
