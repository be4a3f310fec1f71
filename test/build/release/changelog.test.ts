import { expect, test } from "vitest";
import { sectionOf } from "../../../src/build/release/changelog.ts";

const TEXT = `# Changelog

## [Unreleased]

## [0.2.0] - 2026-11-28

### Added

- A thing.

## [0.1.0]

First.
`;

test.for([
  ["0.2.0", "### Added\n\n- A thing."],
  ["0.1.0", "First."],
  ["Unreleased", ""],
  ["0.3.0", undefined],
  ["0.2", undefined],
] as const)("the section of %s", ([version, expected]) => {
  expect(sectionOf(TEXT, version)).toBe(expected);
});
