/** The definition that every workspace begins with; it cannot be deleted while it has this name [opik 9.10]. */
export const USER_FEEDBACK = {
  id: "0190babc-62a0-71d2-832a-0feffa4676eb",
  name: "User feedback",
  type: "categorical",
  details_json: '{"categories":{"👍":1.0,"👎":0.0}}',
} as const;
