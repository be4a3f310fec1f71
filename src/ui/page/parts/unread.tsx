import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api.ts";
import { BASE } from "../base.ts";
import { Heading } from "./heading.tsx";
import { Failure } from "./notice.tsx";

const NOT_FOUND = 404;

/** A page that is read sooner needs no message, which would only flicker. */
const PATIENCE_MS = 400;

/** Stands for a page that has not been read yet, or could not be. */
export function Unread({ error }: { error: Error | undefined }): VNode | null {
  if (error === undefined) return <Reading />;
  const isMissing = error instanceof ApiError && error.status === NOT_FOUND;
  return (
    <>
      <Heading title={isMissing ? "Not found" : "This page could not be read"} />
      <Failure error={error} />
      {isMissing && <p>It was deleted, or it belongs to another workspace or to another server.</p>}
      <p>
        <a href={`${BASE}/`}>Go to the overview</a>
      </p>
    </>
  );
}

function Reading(): VNode | null {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLate ? (
    <p class="faint" role="status">
      Reading …
    </p>
  ) : null;
}
