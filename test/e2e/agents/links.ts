import { Opik } from "opik";

/** Makes the SDK from npm print its links, and prints the one that it only returns. */
const client = new Opik({ projectName: "links" });
client.trace({ name: "question" }).end();
await client.flush();
const dataset = await client.getOrCreateDataset("letters");
// Otherwise the SDK and the experiment both create it, and the SDK complains.
await client.flush();
const experiment = await client.createExperiment({ name: "upper case", datasetName: dataset.name });
console.log("experiment:", await experiment.getUrl());
await client.flush();
