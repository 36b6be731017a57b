import { greetings } from "./calls.ts";

// The page defines the URL, and reads the result.
declare const serverUrl: string;
(globalThis as { greetings?: Promise<string[]> }).greetings = greetings(serverUrl);
