/**
 * Makes a value when it is first asked for.
 * @returns a function that returns the same value each time
 */
export function lazily<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
