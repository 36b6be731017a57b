import { DocumentWriter, documentTypes } from "@capnweb/wire/internal";
import { negotiateExtensions } from "../session/extensions.ts";
import { FRAMING } from "../session/framing.ts";
import type { Component } from "./component.ts";

/**
 * Sends and receives lists of plain JSON as they are, and lists of records as tables. Contains
 * `extensions`, because a peer must have announced that it knows documents.
 */
export const documents: Component = {
  name: "documents",
  types: documentTypes,
  services: {
    negotiation: negotiateExtensions,
    framing: FRAMING,
    documentWriter: DocumentWriter,
  },
};
