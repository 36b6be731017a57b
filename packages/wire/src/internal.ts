/**
 * Helpers that the other packages of this library share. They aren't for applications, and change
 * in any release without a notice.
 *
 * @packageDocumentation
 */

// Values.

export { copyBytes } from "./base64.ts";
export { BY_REFERENCE, isByReference } from "./by-reference.ts";
export { isPlain, isPlainNode, listContainer, objectContainer } from "./containers.ts";
export { documentTypes } from "./documents/document-types.ts";
export { DocumentWriter } from "./documents/document-writer.ts";
export { stringifyExpression } from "./json.ts";
export { defineHidden, isIndex, isObject, isObjectOrFunction, objectFor } from "./objects.ts";
export { isNumber } from "./operands.ts";
export { ownTypeOf } from "./own-types.ts";
export { isReachableKey, type PathPart } from "./property-path.ts";
export { sessionlessRows } from "./sessionless.ts";
export { Slot } from "./slot.ts";
export { DEFAULT_MEMORY, PART_WEIGHT } from "./value-type.ts";
export { dataTypes } from "./value-types/data-types.ts";
export { fetchTypes } from "./value-types/fetch-types.ts";

// Errors.

export { excerpt, isEncodeFailure, isInstance, overLimit, unknownExpression } from "./errors.ts";
export { blaming, kindOf, nameOf, remedyFor, withPlace } from "./unencodable.ts";

// Messages.

export { parseBriefly } from "./messages.ts";

// Extensions, as a session carries them out.

export { plainPart, type TableRecords, tableRecords } from "./documents/table-records.ts";
export {
  type AnnouncementContent,
  contentOf,
  mayAnswerAnnouncement,
} from "./extensions/announcement.ts";
export { Attached } from "./extensions/attached.ts";
export { checkFrameSize, isJoined, joined, Lines } from "./extensions/lines.ts";
export { partsOf, withParts } from "./extensions/parts.ts";
export { BYTE_CLASSES } from "./value-types/bytes.ts";
export { requireClass } from "./value-types/runtime-classes.ts";
