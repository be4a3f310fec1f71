import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { Failure } from "./notice.tsx";

/** A button that does something; what stands in the way is shown beside it. */
export function Act(props: {
  children: ComponentChildren;
  work: () => Promise<unknown>;
  onDone?: () => void;
  class?: string;
}): VNode {
  const { children, work, onDone } = props;
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
  const act = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
      onDone?.();
    } catch (failure) {
      setError(failure as Error);
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" class={props.class} disabled={isBusy} onClick={() => void act()}>
        {children}
      </button>
      <Failure error={error} />
    </>
  );
}
