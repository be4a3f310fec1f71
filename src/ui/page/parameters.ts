import { useLocation } from "preact-iso";

/** The parameters of the address, and a function that changes some of them: what is shown can be linked to. */
export function useParameters(): [Record<string, string>, (changes: Record<string, string | undefined>) => void] {
  const { path, query, route } = useLocation();
  const change = (changes: Record<string, string | undefined>): void => {
    const next = Object.entries({ ...query, ...changes }).flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [[name, value]],
    );
    route(path + (next.length === 0 ? "" : `?${new URLSearchParams(next)}`), true);
  };
  return [query, change];
}
