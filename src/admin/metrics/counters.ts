/** Labels of one series by name. */
export type Labels = Readonly<Record<string, string>>;

/** The value of one series. */
export interface Sample {
  labels: Labels;
  value: number;
  /** The name of this series, if it is not that of the metric: `NAME_bucket`, `NAME_sum`, `NAME_count`. */
  metricName?: string;
}

/** What a metric measures now, as prom-client's `Registry.getMetricsAsJSON` describes it. */
export interface Reading {
  name: string;
  help: string;
  type: "counter" | "gauge" | "histogram";
  values: Sample[];
}

/** A metric that can be read. */
export interface Metric {
  read(): Reading;
}

/** One series of a counter. */
export class Count {
  value = 0;

  add(): void {
    this.value += 1;
  }
}

/** The series of a metric by their labels. */
class SeriesMap<Series> {
  readonly #make: (labels: Labels) => Series;
  readonly #series = new Map<string, Series>();

  constructor(make: (labels: Labels) => Series) {
    this.#make = make;
  }

  /** Returns the series with these labels; makes it the first time. */
  get(labels: Labels): Series {
    const key = JSON.stringify(labels);
    const series = this.#series.get(key) ?? this.#make(labels);
    this.#series.set(key, series);
    return series;
  }

  all(): Series[] {
    return [...this.#series.values()];
  }
}

/** Counts requests and events. */
export class Counter implements Metric {
  readonly #name: string;
  readonly #help: string;
  readonly #series = new SeriesMap((labels) => ({ labels, count: new Count() }));

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  /** The series with these labels, which is shown from now on. */
  series(labels: Labels): Count {
    return this.#series.get(labels).count;
  }

  read(): Reading {
    const values = this.#series.all().map(({ labels, count }) => ({ labels, value: count.value }));
    return { name: this.#name, help: this.#help, type: "counter", values };
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

  read(): Reading {
    const values = Array.from(this.#read(), ([labels, value]) => ({ labels, value }));
    return { name: this.#name, help: this.#help, type: "gauge", values };
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
  readonly #distributions = new SeriesMap((labels) => new Distribution(labels, this.#bounds));

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
  }

  /** The series with these labels, which is shown from now on. */
  series(labels: Labels): Distribution {
    return this.#distributions.get(labels);
  }

  read(): Reading {
    const values = this.#distributions.all().flatMap((distribution) => this.#samplesOf(distribution));
    return { name: this.#name, help: this.#help, type: "histogram", values };
  }

  #samplesOf({ labels, counts, sum, count }: Distribution): Sample[] {
    let below = 0;
    const buckets = this.#bounds.map((bound, index): readonly [le: string, value: number] => {
      below += counts[index] ?? 0;
      return [String(bound), below];
    });
    return [
      ...[...buckets, ["+Inf", count] as const].map(([le, value]) => ({
        ...{ labels: { ...labels, le }, value },
        metricName: `${this.#name}_bucket`,
      })),
      { labels, value: sum, metricName: `${this.#name}_sum` },
      { labels, value: count, metricName: `${this.#name}_count` },
    ];
  }
}
