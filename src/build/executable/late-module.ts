/**
 * Creates the exports of a module that is loaded when one of them is read. For code that reads an export where it uses
 * it, as the bundler writes it; what copies all exports at once would get none.
 * @param load returns the module's own exports
 */
export function lateModule(load: () => object): object {
  const get = (_target: object, name: string | symbol): unknown => {
    const loaded = load();
    // From now on they are read without a detour.
    Object.setPrototypeOf(exports, Object.prototype);
    Object.defineProperties(exports, Object.getOwnPropertyDescriptors(loaded));
    return Reflect.get(loaded, name);
  };
  const exports = Object.create(new Proxy({}, { get })) as object;
  return exports;
}
