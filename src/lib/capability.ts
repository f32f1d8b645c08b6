/**
 * What the last answers said of a kind of data. `no_permission`: the token lacks a permission; `plan`: the plan does not
 * include it; `version`: this version of the API does not have it; `unknown`: nobody asked yet.
 */
export type CapabilityState = 'ok' | 'no_permission' | 'plan' | 'version' | 'unknown';
