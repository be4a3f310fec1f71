import { lookUp } from "../../../core/look-up.ts";

const BY_EXTENSION: Readonly<Record<string, string>> = {
  bmp: "image/bmp",
  css: "text/css",
  csv: "text/csv",
  gif: "image/gif",
  htm: "text/html",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "application/javascript",
  json: "application/json",
  md: "text/x-web-markdown",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  ogg: "audio/vorbis",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  tiff: "image/tiff",
  txt: "text/plain",
  wav: "audio/vnd.wave",
  webm: "video/webm",
  webp: "image/webp",
  xml: "application/xml",
  zip: "application/zip",
};

/** The type of a file of which nothing is known. */
export const DEFAULT_TYPE = "application/octet-stream";

/** The default type of a file, by its name. */
export function mimeTypeOf(fileName: string): string {
  const extension = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? "";
  return lookUp(BY_EXTENSION, extension) ?? DEFAULT_TYPE;
}
