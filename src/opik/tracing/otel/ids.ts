import { createHash } from "node:crypto";

/**
 * The id of a trace or span of OpenTelemetry as a UUIDv7, the same in each request [opik 7.16].
 * @param id the bytes of OpenTelemetry's id
 * @param time milliseconds since the epoch, at which the trace began
 */
export function uuidOfOtelId(id: Uint8Array, time: number): string {
  const hash = createHash("sha256").update(id).digest();
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(Math.max(0, time), 0, 6);
  hash.copy(bytes, 6, 0, 10);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * A point in time of OpenTelemetry in milliseconds since the epoch.
 * @param nanoseconds default 0
 */
export function millisecondsOf(nanoseconds = "0"): number {
  return Number(BigInt.asIntN(64, BigInt(nanoseconds)) / 1_000_000n);
}
