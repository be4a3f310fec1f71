/**
 * The value under a name that comes from elsewhere.
 * @returns `undefined` also for the names that every object knows, such as `constructor`
 */
export function lookUp<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
