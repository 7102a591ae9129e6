export function turns(): () => Promise<void>;
