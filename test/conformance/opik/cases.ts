import type { ConformanceCase } from "../case.ts";
import { accessCases } from "./cases/access.ts";
import { activationCases } from "./cases/activation.ts";
import { agentConfigCases } from "./cases/agent-configs.ts";
import { agentCases } from "./cases/agents.ts";
import { annotationQueueCases } from "./cases/annotation-queues.ts";
import { assertionResultCases } from "./cases/assertion-results.ts";
import { attachmentCases } from "./cases/attachments.ts";
import { bodyCases } from "./cases/bodies.ts";
import { bridgeCommandCases } from "./cases/bridge-commands.ts";
import { bridgePollCases } from "./cases/bridge-polls.ts";
import { bridgeReadCases } from "./cases/bridge-reads.ts";
import { bridgeResultCases } from "./cases/bridge-results.ts";
import { checklistCases } from "./cases/checklists.ts";
import { commentCases } from "./cases/comments.ts";
import { compressionCases } from "./cases/compression.ts";
import { costCases } from "./cases/costs.ts";
import { dashboardCases } from "./cases/dashboards.ts";
import { datasetExportCases } from "./cases/dataset-exports.ts";
import { datasetItemCases } from "./cases/dataset-items.ts";
import { datasetRecordItemCases } from "./cases/dataset-record-items.ts";
import { datasetUploadCases } from "./cases/dataset-uploads.ts";
import { datasetVersionCases } from "./cases/dataset-versions.ts";
import { datasetCases } from "./cases/datasets.ts";
import { environmentCases } from "./cases/environments.ts";
import { experimentBulkCases } from "./cases/experiment-bulk.ts";
import { experimentComparisonCases } from "./cases/experiment-comparison.ts";
import { experimentGroupCases } from "./cases/experiment-groups.ts";
import { experimentItemCases } from "./cases/experiment-items.ts";
import { experimentCases } from "./cases/experiments.ts";
import { feedbackDefinitionCases } from "./cases/feedback-definitions.ts";
import { feedbackScoreCases } from "./cases/feedback-scores.ts";
import { guardCases } from "./cases/guard.ts";
import { heartbeatCases } from "./cases/heartbeats.ts";
import { jobCreationCases } from "./cases/job-creation.ts";
import { jobLogCases } from "./cases/job-logs.ts";
import { jobPollCases } from "./cases/job-polls.ts";
import { jobReadCases } from "./cases/job-reads.ts";
import { jobResultCases } from "./cases/job-results.ts";
import { jsonPassthroughCases } from "./cases/json-passthrough.ts";
import { jsonValueCases } from "./cases/json-values.ts";
import { metricCases } from "./cases/metrics.ts";
import { optimizationCases } from "./cases/optimizations.ts";
import { otelCases } from "./cases/otel.ts";
import { pairingCases } from "./cases/pairing.ts";
import { parameterCases } from "./cases/parameters.ts";
import { projectListCases } from "./cases/project-lists.ts";
import { projectStatsCases } from "./cases/project-stats.ts";
import { projectCases } from "./cases/projects.ts";
import { promptVersionCases } from "./cases/prompt-versions.ts";
import { promptCases } from "./cases/prompts.ts";
import { recordBatchUpdateCases } from "./cases/record-batch-updates.ts";
import { recordStatsCases } from "./cases/record-stats.ts";
import { routingCases } from "./cases/routing.ts";
import { runnerCases } from "./cases/runners.ts";
import { spanSearchCases } from "./cases/span-search.ts";
import { spanCases } from "./cases/spans.ts";
import { tenancyCases } from "./cases/tenancy.ts";
import { threadCases } from "./cases/threads.ts";
import { traceDeletionCases } from "./cases/trace-deletion.ts";
import { traceReadCases } from "./cases/trace-reads.ts";
import { traceSearchCases } from "./cases/trace-search.ts";
import { traceUpdateCases } from "./cases/trace-updates.ts";
import { traceCases } from "./cases/traces.ts";
import { wholeRecordCases } from "./cases/whole-records.ts";
import { workspaceCases } from "./cases/workspaces.ts";

/** All cases, by what they are about. */
export const CASES: Readonly<Record<string, readonly ConformanceCase[]>> = {
  routing: routingCases,
  tenancy: tenancyCases,
  access: accessCases,
  guard: guardCases,
  bodies: bodyCases,
  compression: compressionCases,
  "JSON passthrough": jsonPassthroughCases,
  "JSON values": jsonValueCases,
  parameters: parameterCases,
  runners: runnerCases,
  agents: agentCases,
  checklists: checklistCases,
  heartbeats: heartbeatCases,
  "creating jobs": jobCreationCases,
  "polling for jobs": jobPollCases,
  "reading jobs": jobReadCases,
  "logs of jobs": jobLogCases,
  "results of jobs": jobResultCases,
  "submitting bridge commands": bridgeCommandCases,
  "polling for bridge commands": bridgePollCases,
  "results of bridge commands": bridgeResultCases,
  "reading bridge commands": bridgeReadCases,
  "opening pairing sessions": pairingCases,
  "activating pairing sessions": activationCases,
  projects: projectCases,
  environments: environmentCases,
  prompts: promptCases,
  "versions of prompts": promptVersionCases,
  "agent configurations": agentConfigCases,
  "annotation queues": annotationQueueCases,
  attachments: attachmentCases,
  dashboards: dashboardCases,
  metrics: metricCases,
  workspaces: workspaceCases,
  "lists of projects": projectListCases,
  "statistics of projects": projectStatsCases,
  "writing traces": traceCases,
  "updating traces": traceUpdateCases,
  "reading traces": traceReadCases,
  "searching traces": traceSearchCases,
  spans: spanCases,
  "searching spans": spanSearchCases,
  "feedback scores": feedbackScoreCases,
  "feedback definitions": feedbackDefinitionCases,
  comments: commentCases,
  threads: threadCases,
  "costs of spans": costCases,
  OpenTelemetry: otelCases,
  "statistics of traces and spans": recordStatsCases,
  "updating several records": recordBatchUpdateCases,
  "deleting traces": traceDeletionCases,
  "whole records": wholeRecordCases,
  datasets: datasetCases,
  "items of datasets": datasetItemCases,
  "making items of datasets from traces and spans": datasetRecordItemCases,
  "versions of datasets": datasetVersionCases,
  "uploading items to datasets": datasetUploadCases,
  "exporting datasets": datasetExportCases,
  experiments: experimentCases,
  optimizations: optimizationCases,
  "groups of experiments": experimentGroupCases,
  "items of experiments in bulk": experimentBulkCases,
  "items of experiments": experimentItemCases,
  "comparing experiments": experimentComparisonCases,
  "results of assertions": assertionResultCases,
};
