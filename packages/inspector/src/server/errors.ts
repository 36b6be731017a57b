import { CodedError } from "@capnweb/wire/coded";

/** The inspector was asked to start where it would show everything to everyone. */
export class InspectorAccessError extends CodedError {
  override readonly name = "InspectorAccessError";

  /** @param where the function that was called */
  constructor(where: string) {
    super(
      `${where} needs the option "authorize" unless NODE_ENV is "development": the page shows ` +
        "every message of every session. For example: authorize: (request) => isAdmin(request).",
    );
  }

  /** The same for every error of this class. */
  get code(): "INSPECTOR_ACCESS" {
    return "INSPECTOR_ACCESS";
  }
}

/** The files of the inspector's page aren't there. */
export class PageMissingError extends CodedError {
  override readonly name = "PageMissingError";

  constructor(cause: unknown) {
    super(
      "The inspector's page isn't built. In the repository: node packages/inspector/build-page.mjs",
      {
        cause,
      },
    );
  }

  /** The same for every error of this class. */
  get code(): "PAGE_MISSING" {
    return "PAGE_MISSING";
  }
}

/** A request of the page can't be carried out. */
export class InspectorRequestError extends CodedError {
  override readonly name = "InspectorRequestError";

  /** The same for every error of this class. */
  get code(): "INSPECTOR_REQUEST" {
    return "INSPECTOR_REQUEST";
  }
}
