/** The header of a registration after which the runner polls only when a test asks it to. */
export const POLLS_ON_DEMAND_HEADER = "x-opik-local-polls-on-demand";
