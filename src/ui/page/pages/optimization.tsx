import type { VNode } from "preact";
import { get, type Optimization } from "../api.ts";
import { BASE } from "../base.ts";
import { EXPERIMENTS } from "../library-kinds.ts";
import { NamedList } from "../lists/named-list.tsx";
import { useLive } from "../live.ts";
import { Content } from "../parts/content.tsx";
import { Heading } from "../parts/heading.tsx";
import { Id } from "../parts/id.tsx";
import { Scores } from "../parts/scores.tsx";
import { Section } from "../parts/section.tsx";
import { Unread } from "../parts/unread.tsx";

/** An optimization: the experiments that it is made of. */
export function OptimizationPage({ id }: { id: string }): VNode {
  const { value, error } = useLive(
    id,
    () => get<Optimization>(`/v1/private/optimizations/${id}`),
    ({ name }) => /^(?:optimization|experiment)/.test(name),
  );
  if (value === undefined) return <Unread error={error} />;
  return (
    <>
      <Heading title={value.name} status={value.status} />
      <p class="about">
        <Id value={id} isPrinted /> · for {value.objective_name} on{" "}
        <a href={`${BASE}/datasets/${value.dataset_id}`}>{value.dataset_name}</a>
      </p>
      <Scores scores={value.feedback_scores} />
      <Section title="Trials">
        <NamedList kind={EXPERIMENTS} filter={{ optimization_id: id, types: '["trial","mini-batch","mutation"]' }} />
      </Section>
      {value.metadata !== undefined && value.metadata !== null && <Content title="Metadata" value={value.metadata} />}
    </>
  );
}
