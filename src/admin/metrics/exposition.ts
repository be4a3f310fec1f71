/** Labels of one series by name. */
export type Labels = Readonly<Record<string, string>>;

/** A metric that can write itself in Prometheus' text format. */
export interface Metric {
  /** Yields lines without line feeds. */
  lines(): Iterable<string>;
}

/** One series of a counter. */
export class Count {
  value = 0;

  add(): void {
    this.value += 1;
  }
}

/** Counts requests and events. */
export class Counter implements Metric {
  readonly #name: string;
  readonly #help: string;
  readonly #series = new Map<string, Count>();

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  /** The series with these labels, which is shown from now on. */
  series(labels: Labels): Count {
    return getOrMake(this.#series, writeLabels(labels), () => new Count());
  }

  *lines(): Generator<string> {
    yield* writeHead(this.#name, this.#help, "counter");
    for (const [series, { value }] of this.#series) yield `${this.#name}${series} ${value}`;
  }
}

/** A value that is read when it is asked for. */
export class Gauge implements Metric {
  readonly #name: string;
  readonly #help: string;
  readonly #read: () => Iterable<readonly [labels: Labels, value: number]>;

  constructor(name: string, help: string, read: () => Iterable<readonly [labels: Labels, value: number]>) {
    this.#name = name;
    this.#help = help;
    this.#read = read;
  }

  *lines(): Generator<string> {
    yield* writeHead(this.#name, this.#help, "gauge");
    for (const [labels, value] of this.#read()) yield `${this.#name}${writeLabels(labels)} ${value}`;
  }
}

/** One series of a histogram. */
export class Distribution {
  readonly labels: Labels;
  /** Upper bounds, ascending, each included. */
  readonly #bounds: readonly number[];
  /** How many observations are in each bucket alone. */
  readonly counts: number[];
  sum = 0;
  count = 0;

  constructor(labels: Labels, bounds: readonly number[]) {
    this.labels = labels;
    this.#bounds = bounds;
    this.counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    const bucket = this.#bounds.findIndex((bound) => value <= bound);
    if (bucket !== -1) this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += value;
    this.count += 1;
  }
}

/** Counts observations by their size. */
export class Histogram implements Metric {
  readonly #name: string;
  readonly #help: string;
  /** Upper bounds, ascending, each included. */
  readonly #bounds: readonly number[];
  readonly #distributions = new Map<string, Distribution>();

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
  }

  /** The series with these labels, which is shown from now on. */
  series(labels: Labels): Distribution {
    return getOrMake(this.#distributions, writeLabels(labels), () => new Distribution(labels, this.#bounds));
  }

  *lines(): Generator<string> {
    yield* writeHead(this.#name, this.#help, "histogram");
    for (const [series, { labels, counts, sum, count }] of this.#distributions) {
      let below = 0;
      for (const [index, bound] of this.#bounds.entries()) {
        below += counts[index] ?? 0;
        yield `${this.#name}_bucket${writeLabels({ ...labels, le: String(bound) })} ${below}`;
      }
      yield `${this.#name}_bucket${writeLabels({ ...labels, le: "+Inf" })} ${count}`;
      yield `${this.#name}_sum${series} ${sum}`;
      yield `${this.#name}_count${series} ${count}`;
    }
  }
}

/** Writes metrics in Prometheus' text format, version 0.0.4. */
export function writeMetrics(metrics: Iterable<Metric>): string {
  const lines: string[] = [];
  for (const metric of metrics) lines.push(...metric.lines());
  return `${lines.join("\n")}\n`;
}

function getOrMake<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
  const value = values.get(key) ?? make();
  values.set(key, value);
  return value;
}

function* writeHead(name: string, help: string, type: string): Generator<string> {
  yield `# HELP ${name} ${help}`;
  yield `# TYPE ${name} ${type}`;
}

function writeLabels(labels: Labels): string {
  const texts = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return texts.length === 0 ? "" : `{${texts.join(",")}}`;
}

function escape(value: string): string {
  return value
    .replaceAll("\\", String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`);
}
