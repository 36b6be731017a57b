/** The property of a main object in which clients find the runner. */
export const SERVICE = "$plans";
